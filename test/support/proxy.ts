import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ProxyOptions {
  /** `user:password`; without it everybody may pass. */
  credentials?: string;
  /** The status of every response to CONNECT, in place of a tunnel. */
  refuseWith?: number;
  /** The statuses of the responses to the first CONNECTs. */
  refuseFirst?: number[];
  /** Where a tunnel to that host really leads: a port of this machine. Any other goes where it is addressed. */
  routes?: Record<string, number>;
}

/** A proxy of the kind that companies run: it tunnels, and sees of a connection only where it goes. */
export class ConnectProxy {
  /** `host:port` of every CONNECT, refused ones too. */
  readonly asked: string[] = [];
  /** The `Proxy-Authorization` header of every CONNECT. */
  readonly authorizations: (string | undefined)[] = [];
  /** Requests that came in plain text, for the proxy to read. */
  readonly plainRequests: string[] = [];
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  #tunnels = 0;

  private constructor(options: ProxyOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.plainRequests.push(`${request.method} ${request.url}`);
      response.writeHead(502).end();
    });
    this.#server.on('connect', (request: IncomingMessage, client: Duplex) => this.#connect(request, client));
    this.#server.on('connection', (socket) => this.#keep(socket));
  }

  static async start(options: ProxyOptions = {}): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** With the credentials in it, as HTTPS_PROXY carries them. */
  urlFor(credentials: string): string {
    return this.url.replace('//', `//${credentials}@`);
  }

  /** Tunnels that were opened. */
  get tunnels(): number {
    return this.#tunnels;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #connect(request: IncomingMessage, client: Duplex): void {
    const address = request.url ?? '';
    const authorization = request.headers['proxy-authorization'];
    this.asked.push(address);
    this.authorizations.push(authorization);

    const { credentials, refuseWith, refuseFirst = [], routes = {} } = this.#options;
    const isKnown = credentials === undefined || authorization === `Basic ${btoa(credentials)}`;
    const refusal = refuseFirst[this.asked.length - 1] ?? refuseWith ?? (isKnown ? undefined : 407);
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal} ${STATUS_CODES[refusal]}\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n`);
      return;
    }

    const { hostname, port } = new URL(`tunnel://${address}`);
    const route = routes[hostname];
    const target: Socket = connect(route ?? Number(port), route === undefined ? hostname : '127.0.0.1', () => {
      this.#tunnels += 1;
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(target).pipe(client);
    });
    this.#keep(target);
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
