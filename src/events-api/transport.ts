import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosInstance, isAxiosError } from 'axios';
import { HttpsProxyAgent } from 'hpagent';
import { getProxyForUrl } from 'proxy-from-env';
import { ApiError, type ApiErrorKind } from './errors.ts';

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
  readonly #isProxied: boolean;
  readonly #timeoutMs: number;

  constructor({ baseUrl, token, userAgent, timeoutMs }: TransportOptions) {
    this.#agent = createAgent(baseUrl, timeoutMs, this.#closing.signal);
    this.#isProxied = this.#agent instanceof HttpsProxyAgent;
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
      return { status: response.status, retryAfter: response.headers['retry-after'], body: response.data };
    } catch (error) {
      signal.throwIfAborted();
      throw isTimedOut
        ? new ApiError('timeout', { path, viaProxy: this.#isProxied })
        : toApiError(error, path, this.#isProxied);
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
}

/** Plain HTTP goes to this machine or its neighbours alone, so it is never handed to a proxy. */
function createAgent(baseUrl: string, timeoutMs: number, closing: AbortSignal): HttpAgent | HttpsAgent {
  if (baseUrl.startsWith('http:')) return new HttpAgent({ keepAlive: true });
  // Said outright, so that no environment variable can switch the verification off.
  const options = { keepAlive: true, rejectUnauthorized: true };
  const proxy = getProxyForUrl(baseUrl);
  if (proxy === '') return new HttpsAgent(options);
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    throw new ApiError('proxy', { reason: 'is not the address of an HTTP proxy' });
  }
  if (!isDecodable(new URL(proxy))) {
    throw new ApiError('proxy', { reason: 'has a user name or password that is not percent-encoded' });
  }
  // A proxy that is spoken to over TLS is verified too: it is told its user name and password. The agent does not know
  // of a tunnel that is not yet open, so the signal closes it.
  const proxyRequestOptions = { rejectUnauthorized: true, signal: closing };
  return new HttpsProxyAgent({ ...options, proxy, proxyRequestOptions, timeout: timeoutMs });
}

/** The agent decodes the credentials of a proxy, and would fail on a bare percent sign. */
function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}:${password}`);
    return true;
  } catch {
    return false;
  }
}

/** The names under which Node and OpenSSL report that the other end is not who it should be, or speaks no TLS. */
const TLS_CODES =
  /^(ERR_TLS|ERR_SSL|CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

function toApiError(error: unknown, path: string, viaProxy: boolean): unknown {
  if (!isAxiosError(error)) return error;
  const { code, message } = error;
  const refusedByProxy = /^Bad response: (\d+)$/.exec(message);
  if (refusedByProxy !== null) return new ApiError('proxy', { path, status: Number(refusedByProxy[1]) });
  if (message.startsWith('maxContentLength')) return new ApiError('wrong_shape', { path, reason: 'is far too large' });
  return new ApiError(connectionFault(code), { path, viaProxy, ...(code !== undefined && { code }) });
}

function connectionFault(code = ''): ApiErrorKind {
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dns';
  if (code === 'ECONNREFUSED' || code.endsWith('UNREACH')) return 'refused';
  if (code === 'ETIMEDOUT') return 'timeout';
  return TLS_CODES.test(code) ? 'tls' : 'connection_lost';
}
