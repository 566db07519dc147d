import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

const CERTIFICATES = join(__dirname, 'certificates');

/** What a server sends that fails in the middle of a handshake: the fatal alert `internal_error`. */
const ALERT = Buffer.from('15030300020250', 'hex');

/** The private authority that signed the front's certificate: for `NODE_EXTRA_CA_CERTS`. */
export const AUTHORITY = join(CERTIFICATES, 'authority.pem');

/**
 * TLS in front of a server that speaks plain HTTP. Its certificate is valid for `localhost`, 127.0.0.1 and 1Password's
 * four hosts, and is trusted by nobody who was not told of the private authority. Connections whose number `isAlerted`
 * approves, counted from 0, end with an alert instead.
 */
export class TlsFront {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: URL, isAlerted: (connection: number) => boolean) {
    const [key, cert] = ['server-key.pem', 'server.pem'].map((name) => readFileSync(join(CERTIFICATES, name)));
    const tls = createTlsServer({ key, cert }, (front) => {
      const back = connect(Number(target.port), target.hostname);
      this.#keep(front, back);
      this.#keep(back, front);
      front.pipe(back).pipe(front);
    });
    tls.on('tlsClientError', () => {});
    let connections = 0;
    this.#server = createServer((socket) => {
      if (isAlerted(connections++)) socket.once('data', () => socket.end(ALERT)).on('error', () => socket.destroy());
      else tls.emit('connection', socket);
    });
  }

  static async start(targetUrl: string, isAlerted: (connection: number) => boolean = () => false): Promise<TlsFront> {
    const front = new TlsFront(new URL(targetUrl), isAlerted);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #keep(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }
}
