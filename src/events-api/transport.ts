import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import axios, { type AxiosError, type AxiosInstance, isAxiosError } from 'axios';
import { HttpsProxyAgent } from 'hpagent';
import { ApiError, type ApiErrorDetail, type ApiErrorKind } from './errors.ts';
import { findProxy, type ProxySetting } from './proxy.ts';

/** Far more than a thousand events take: a larger body is not the Events API's. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The names under which Node and OpenSSL report that the other end is not who it should be. */
const CERTIFICATE_CODES =
  /^(ERR_TLS_CERT|CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH)/;

/** The names of any other failure of TLS. */
const TLS_CODES = /^(ERR_TLS|ERR_SSL|EPROTO)/;

/** What went wrong on the way to the API. */
type Fault = [ApiErrorKind, ApiErrorDetail];

/** Where the requests go, and what all of them carry. */
export interface TransportOptions {
  /** Scheme, host and perhaps a path, without a slash at the end. */
  baseUrl: string;
  token: string;
  userAgent: string;
  /** For a whole response. */
  timeoutMs: number;
}

/** One request; `path` follows the base URL, `body` is sent as JSON. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: object;
}

/** One response, whatever its status. `retryAfter` is the header as it came; the names of all headers are in lower case. */
export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, unknown>>;
  retryAfter: unknown;
  body: Buffer;
}

/**
 * HTTP exchanges with the Events API over connections that are kept alive, direct or through the proxy that the
 * environment names. Every status is a response; everything else is thrown as an ApiError, never as an error of axios,
 * because that one carries the token.
 */
export class Transport {
  readonly #http: AxiosInstance;
  readonly #agent: http.Agent | https.Agent;
  readonly #closing = new AbortController();
  readonly #proxy: ProxySetting | undefined;
  readonly #timeoutMs: number;
  /** A response has come, so the other end has shown a good certificate if it needs one. */
  #isVerified = false;

  constructor({ baseUrl, token, userAgent, timeoutMs }: TransportOptions) {
    // Each tunnel listens to it.
    setMaxListeners(0, this.#closing.signal);
    this.#proxy = findProxy(baseUrl);
    this.#agent = createAgent(baseUrl, this.#proxy?.url, timeoutMs, this.#closing.signal);
    this.#timeoutMs = timeoutMs;
    this.#http = axios.create({
      baseURL: baseUrl,
      headers: { Authorization: `Bearer ${token}`, 'User-Agent': userAgent, Accept: 'application/json' },
      httpAgent: this.#agent,
      httpsAgent: this.#agent,
      // The agent sees to the proxy: axios would open a new tunnel for every request.
      proxy: false,
      transport: { request: baseUrl.startsWith('http:') ? refusingUpgrades(http) : refusingUpgrades(https) },
      maxRedirects: 0,
      maxContentLength: MAX_BODY_BYTES,
      responseType: 'arraybuffer',
      transformResponse: (body: Buffer) => body,
      validateStatus: () => true,
    });
  }

  async send({ method, path, body }: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const timeout = new AbortController();
    // Not AbortSignal.timeout, whose timer would not keep the process alive to see the end of the request.
    const timer = setTimeout(() => timeout.abort(), this.#timeoutMs);
    try {
      const response = await this.#http.request<Buffer>({
        method,
        url: path,
        data: body,
        signal: AbortSignal.any([signal, timeout.signal]),
      });
      this.#isVerified = true;
      const { status, headers, data } = response;
      return { status, headers: { ...headers }, retryAfter: headers['retry-after'], body: data };
    } catch (error) {
      signal.throwIfAborted();
      if (!isAxiosError(error)) throw error;
      if (error.cause instanceof SwitchedProtocols)
        return { status: 101, headers: {}, retryAfter: undefined, body: Buffer.alloc(0) };
      const [kind, detail]: Fault = timeout.signal.aborted ? ['timeout', {}] : this.#faultOf(error);
      const proxyVariable = this.#proxy?.variable;
      throw new ApiError(kind, { path, ...detail, ...(proxyVariable !== undefined && { proxyVariable }) });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes the connections, so that they do not keep the process alive. */
  close(): void {
    this.#closing.abort();
    this.#agent.destroy();
  }

  #faultOf({ code, message, request }: AxiosError): Fault {
    if (message.startsWith('maxContentLength')) return ['wrong_shape', { reason: 'is far too large' }];
    const status = Number(/^Bad response: (\d+)$/.exec(message)?.[1]);
    if (status === 408 || status === 429 || status >= 500) return ['proxy_unavailable', { status }];
    if (status > 0) return ['proxy', { status }];
    const wasReused = request?.reusedSocket === true && !request.res;
    return [this.#kindOf(code, message), { ...(code !== undefined && { code }), ...(wasReused && { wasReused }) }];
  }

  #kindOf(code = '', message: string): ApiErrorKind {
    if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dns';
    if (code === 'ECONNREFUSED' || code.endsWith('UNREACH')) return 'refused';
    if (code === 'ETIMEDOUT') return 'timeout';
    if (CERTIFICATE_CODES.test(code)) return 'tls';
    if (!TLS_CODES.test(code)) return 'connection_lost';
    // Whoever speaks no TLS says so at the first try. An alert, or anything after a verified connection, may pass.
    return this.#isVerified || /alert/i.test(message) ? 'tls_interrupted' : 'tls';
  }
}

/** The other end has answered with 101, and speaks something other than HTTP from now on. */
class SwitchedProtocols extends Error {}

/** Node drops the connection after such an answer, but neither fails the request nor completes it. */
function refusingUpgrades({ request: send }: typeof http | typeof https): typeof http.request {
  return (...args: unknown[]) => {
    const request = (send as (...args: unknown[]) => http.ClientRequest)(...args);
    return request.on('upgrade', (_response, socket) => {
      socket.destroy();
      request.emit('error', new SwitchedProtocols());
    });
  };
}

function createAgent(
  baseUrl: string,
  proxy: string | undefined,
  timeoutMs: number,
  closing: AbortSignal,
): http.Agent | https.Agent {
  if (baseUrl.startsWith('http:')) return new http.Agent({ keepAlive: true });
  // Said outright, so that no environment variable can switch the verification off.
  const options = { keepAlive: true, rejectUnauthorized: true };
  if (proxy === undefined) return new https.Agent(options);
  // A proxy that is spoken to over TLS is verified too: it is told its user name and password. The agent does not know
  // of a tunnel that is not yet open, so the signal closes it.
  const proxyRequestOptions = { rejectUnauthorized: true, signal: closing };
  return new HttpsProxyAgent({ ...options, proxy, proxyRequestOptions, timeout: timeoutMs });
}
