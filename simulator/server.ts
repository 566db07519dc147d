import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from './api.ts';
import { FaultPlan, type FaultRule } from './faults.ts';
import { type ApiItem, type ApiVersion, type Feature, type SimulatorOptions, settingsOf } from './options.ts';
import { Random } from './random.ts';
import { type RequestRecord, recordOf } from './request.ts';
import { deliver } from './response.ts';
import { type TokenClaims, TokenRegistry } from './tokens.ts';

export { type Fault, type FaultRule, stormFaults } from './faults.ts';
export type { ApiItem, ApiVersion, Feature, SimulatorOptions } from './options.ts';
export type { RequestRecord } from './request.ts';
export type { TokenClaims } from './tokens.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** A 1Password Events API on the loopback interface. */
export class Simulator {
  /** Settable between requests. */
  options: SimulatorOptions;
  readonly requests: RequestRecord[] = [];
  /** Requests that the real API would refuse or that break its contract, each as a sentence. */
  readonly violations: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #stopped = new AbortController();
  readonly #tokens = new TokenRegistry();
  readonly #faults: FaultPlan;
  readonly #api: Api;
  #connections = 0;
  #url = '';

  private constructor(options: SimulatorOptions) {
    this.options = options;
    this.#faults = new FaultPlan(new Random(settingsOf(options).seed));
    this.#api = new Api(this.#tokens, this.#faults);
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // Longer than any client keeps an idle connection, so that a reused one is never closed under its request.
    this.#server.keepAliveTimeout = 10 * 60_000;
    this.#server.on('connection', (socket) => this.#watch(socket));
  }

  /** Starts on a free port of the loopback interface, or where it is told to listen. */
  static async start(
    options: SimulatorOptions = {},
    listen: { port?: number; address?: string } = {},
  ): Promise<Simulator> {
    const simulator = new Simulator(options);
    simulator.#server.listen(listen.port ?? 0, listen.address ?? '127.0.0.1');
    await once(simulator.#server, 'listening');
    simulator.#url = `http://127.0.0.1:${(simulator.#server.address() as AddressInfo).port}`;
    return simulator;
  }

  get url(): string {
    return this.#url;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Connections accepted so far: few of them for many requests prove that they are kept alive. */
  get connections(): number {
    return this.#connections;
  }

  /** Issues a token that the API accepts, in the shape of a JWT. */
  issueToken(claims: TokenClaims = {}): string {
    return this.#tokens.issue(claims, settingsOf(this.options));
  }

  revoke(token: string): void {
    this.#tokens.revoke(token);
  }

  /** Changes what the server grants; the token's own claims stay as they were issued. */
  setFeatures(token: string, granted: Feature[]): void {
    this.#tokens.setFeatures(token, granted);
  }

  /** Appends events in arrival order, whatever they look like, and returns them as the V2 endpoint serves them. */
  add(feature: Feature, ...items: ApiItem[]): ApiItem[] {
    for (const item of items) this.#api.logs[feature].add(item);
    return structuredClone(items);
  }

  /** What the API would serve now to somebody who reads everything, in arrival order. */
  served(feature: Feature, version: ApiVersion): ApiItem[] {
    const everything = {
      next: 0,
      startMs: Number.NEGATIVE_INFINITY,
      arrivedBefore: 0,
      endMs: Number.POSITIVE_INFINITY,
    };
    const wanted = { ...everything, feature, version, limit: Number.POSITIVE_INFINITY };
    const { items } = this.#api.logs[feature].take(wanted, settingsOf(this.options));
    return items.map((text) => JSON.parse(text) as ApiItem);
  }

  /** Adds a scripted fault. Rules are tried in the order in which they were added. */
  fault(rule: FaultRule): void {
    this.#faults.add(rule);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** Stops listening and destroys what is still open. */
  async stop(): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    const closed = once(this.#server, 'close');
    this.#server.close();
    // The server counts a socket as closed before the socket says so itself.
    const gone = [...this.#sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([closed, ...gone]);
  }

  #watch(socket: Socket): void {
    this.#connections += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, this.#stopped.signal]);
    response.on('close', () => gone.abort());
    try {
      const text = await readText(incoming);
      const settings = settingsOf(this.options);
      const record = recordOf(incoming, text, settings.now());
      this.requests.push(record);
      if (settings.latencyMs > 0) await sleep(settings.latencyMs, undefined, { signal });
      const { answer, fault, violations } = this.#api.answer(record, text, settings);
      this.violations.push(...violations);
      const date = new Date(settings.now() + settings.clockAheadMs).toUTCString();
      await deliver(response, { ...answer, headers: { Date: date, ...answer.headers } }, fault, signal);
    } catch (error) {
      if (signal.aborted || incoming.destroyed) return;
      this.violations.push(`The simulator itself failed: ${String(error)}`);
      response.destroy();
    }
  }
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and dropped: a text cut here is no JSON, and is refused as such.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
