import { expect } from '@jest/globals';
import { Simulator, type SimulatorOptions } from '../../simulator/server.ts';
import { ConnectProxy, type ProxyOptions } from './proxy.ts';
import { RawServer } from './raw-server.ts';
import { TlsFront } from './tls.ts';

/** All that may stand between the connector and 1Password, and 1Password itself; closed together. */
export class FarEnd {
  readonly api: Simulator;
  readonly #parts: { stop(): Promise<void> }[] = [];

  private constructor(api: Simulator) {
    this.api = api;
  }

  static async start(options: SimulatorOptions = {}): Promise<FarEnd> {
    return new FarEnd(await Simulator.start(options));
  }

  /** TLS in front of the API. */
  tls(isAlerted?: (connection: number) => boolean): Promise<TlsFront> {
    return this.#with(TlsFront.start(this.api.url, isAlerted));
  }

  proxy(options: ProxyOptions = {}): Promise<ConnectProxy> {
    return this.#with(ConnectProxy.start(options));
  }

  raw(bytes?: string): Promise<RawServer> {
    return this.#with(RawServer.start(bytes));
  }

  /** An address of this machine at which nobody listens. */
  async deserted(): Promise<string> {
    const server = await RawServer.start('');
    const { url } = server;
    await server.stop();
    return url;
  }

  /** Fails if the API has seen a request that it would refuse. */
  async stop(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.stop()));
    await this.api.stop();
    expect(this.api.violations).toEqual([]);
  }

  async #with<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const part = await starting;
    this.#parts.push(part);
    return part;
  }
}
