import { setMaxListeners } from 'node:events';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosInstance, isAxiosError } from 'axios';
import { HttpsProxyAgent } from 'hpagent';
import { getProxyForUrl } from 'proxy-from-env';
import { ApiError, type ApiErrorDetail, type ApiErrorKind } from './errors.ts';

/** Far more than a thousand events take: a larger body is not the Events API's. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Where the requests go, and what all of them carry. */
export interface TransportOptions {
  /** Scheme, host and perhaps a path, without a slash at the end. */
  baseUrl: string;
  token: string;
  userAgent: string;
  /** For a whole response. */
  timeoutMs: number;
}

/** One request; `path` comes behind the base URL, `body` is sent as JSON. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string | number>;
  body?: object;
}

/** One response, whatever its status. `retryAfter` is the header as it came. */
export interface HttpResponse {
  status: number;
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
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #closing = new AbortController();
  readonly #proxyVariable: string | undefined;
  readonly #timeoutMs: number;
  /** A response has come, so the other end has shown a good certificate if it needs one. */
  #isVerified = false;

  constructor({ baseUrl, token, userAgent, timeoutMs }: TransportOptions) {
    // Each tunnel listens to it.
    setMaxListeners(0, this.#closing.signal);
    const proxy = findProxy(baseUrl);
    this.#proxyVariable = proxy?.variable;
    this.#agent = createAgent(baseUrl, proxy?.url, timeoutMs, this.#closing.signal);
    this.#timeoutMs = timeoutMs;
    this.#http = axios.create({
      baseURL: baseUrl,
      headers: { Authorization: `Bearer ${token}`, 'User-Agent': userAgent, Accept: 'application/json' },
      httpAgent: this.#agent,
      httpsAgent: this.#agent,
      // The agent sees to the proxy: axios would open a new tunnel for every request.
      proxy: false,
      maxRedirects: 0,
      maxContentLength: MAX_BODY_BYTES,
      responseType: 'arraybuffer',
      transformResponse: (body: Buffer) => body,
      validateStatus: () => true,
    });
  }

  async send({ method, path, query, body }: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    signal.addEventListener('abort', abort, { once: true });
    let isTimedOut = false;
    const timer = setTimeout(() => {
      isTimedOut = true;
      abort();
    }, this.#timeoutMs);

    try {
      const response = await this.#http.request<Buffer>({
        method,
        url: path,
        params: query,
        data: body,
        signal: attempt.signal,
      });
      this.#isVerified = true;
      return { status: response.status, retryAfter: response.headers['retry-after'], body: response.data };
    } catch (error) {
      signal.throwIfAborted();
      throw isTimedOut ? this.#createError('timeout', path) : this.#toApiError(error, path);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Closes the connections, so that they do not keep the process alive. */
  close(): void {
    this.#closing.abort();
    this.#agent.destroy();
  }

  #toApiError(error: unknown, path: string): unknown {
    if (!isAxiosError(error)) return error;
    const { code = '', message, request } = error;
    if (message.startsWith('maxContentLength'))
      return new ApiError('wrong_shape', { path, reason: 'is far too large' });
    const [, status] = /^Bad response: (\d+)$/.exec(message) ?? [];
    if (status !== undefined)
      return this.#createError(kindOfProxyStatus(Number(status)), path, { status: Number(status) });
    const kind = this.#kindOf(code, message);
    const wasReused = kind === 'connection_lost' && request?.reusedSocket === true && !request.res;
    return this.#createError(kind, path, { ...(code !== '' && { code }), ...(wasReused && { wasReused }) });
  }

  #createError(kind: ApiErrorKind, path: string, detail: ApiErrorDetail = {}): ApiError {
    const proxyVariable = this.#proxyVariable;
    return new ApiError(kind, { path, ...detail, ...(proxyVariable !== undefined && { proxyVariable }) });
  }

  #kindOf(code: string, message: string): ApiErrorKind {
    if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dns';
    if (code === 'ECONNREFUSED' || code.endsWith('UNREACH')) return 'refused';
    if (code === 'ETIMEDOUT') return 'timeout';
    if (CERTIFICATE_CODES.test(code)) return 'tls';
    if (!TLS_CODES.test(code)) return 'connection_lost';
    // Whoever speaks no TLS says so at the first try. An alert, or anything after a verified connection, may pass.
    return this.#isVerified || /alert/i.test(message) ? 'tls_alert' : 'tls';
  }
}

interface Proxy {
  url: string;
  /** The environment variable that names it. */
  variable: string;
}

/** Plain HTTP goes to this machine or a private network alone, so it is never handed to a proxy. */
function findProxy(baseUrl: string): Proxy | undefined {
  const url = baseUrl.startsWith('http:') ? '' : getProxyForUrl(baseUrl);
  if (url === '') return undefined;
  // In the order in which they are looked up.
  const variables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  const variable = variables.find((name) => process.env[name]) ?? 'HTTPS_PROXY';
  const fault = faultOf(url);
  if (fault !== undefined) throw new ApiError('proxy', { reason: fault, proxyVariable: variable });
  return { url, variable };
}

function faultOf(proxyUrl: string): string | undefined {
  if (!URL.canParse(proxyUrl)) return 'is not the address of an HTTP proxy';
  const { protocol, username, password } = new URL(proxyUrl);
  if (!/^https?:$/.test(protocol)) return 'is not the address of an HTTP proxy';
  try {
    // The agent decodes them as well, and would fail on a bare percent sign.
    decodeURIComponent(`${username}:${password}`);
    return undefined;
  } catch {
    return 'has a user name or password that is not percent-encoded';
  }
}

function createAgent(
  baseUrl: string,
  proxy: string | undefined,
  timeoutMs: number,
  closing: AbortSignal,
): HttpAgent | HttpsAgent {
  if (baseUrl.startsWith('http:')) return new HttpAgent({ keepAlive: true });
  // Said outright, so that no environment variable can switch the verification off.
  const options = { keepAlive: true, rejectUnauthorized: true };
  if (proxy === undefined) return new HttpsAgent(options);
  // A proxy that is spoken to over TLS is verified too: it is told its user name and password. The agent does not know
  // of a tunnel that is not yet open, so the signal closes it.
  const proxyRequestOptions = { rejectUnauthorized: true, signal: closing };
  return new HttpsProxyAgent({ ...options, proxy, proxyRequestOptions, timeout: timeoutMs });
}

/** A proxy refuses for good, or fails in passing. */
function kindOfProxyStatus(status: number): ApiErrorKind {
  return status === 408 || status === 429 || status >= 500 ? 'proxy_unavailable' : 'proxy';
}

/** The names under which Node and OpenSSL report that the other end is not who it should be. */
const CERTIFICATE_CODES =
  /^(ERR_TLS_CERT|CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH)/;

/** The names of any other failure of TLS. */
const TLS_CODES = /^(ERR_TLS|ERR_SSL|EPROTO)/;
