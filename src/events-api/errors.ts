/** One kind for each cause that a user must be able to tell from the others. */
export type ApiErrorKind =
  | 'bad_request'
  | 'cursor_refused'
  | 'unauthorized'
  | 'forbidden'
  | 'firewall'
  | 'not_found'
  | 'redirected'
  | 'rate_limited'
  | 'server_error'
  | 'unexpected_status'
  | 'html'
  | 'not_json'
  | 'wrong_shape'
  | 'stuck_cursor'
  | 'dns'
  | 'refused'
  | 'connection_lost'
  | 'timeout'
  | 'tls'
  | 'tls_interrupted'
  | 'proxy'
  | 'proxy_unavailable';

/** What an error may carry beyond its kind. Built by name, so that a request, a header or a body can never travel along. */
export interface ApiErrorDetail {
  /** The requested path, without the host. */
  path?: string;
  status?: number;
  /** The system's or OpenSSL's name of the fault, `ECONNREFUSED` for instance. */
  code?: string;
  /** How long the API asked to wait, if it did. */
  retryAfterMs?: number;
  /** The environment variable that names the proxy of the request. The proxy itself may be what failed. */
  proxyVariable?: string;
  /** The connection had served an earlier request, and was lost before any response to this one. */
  wasReused?: boolean;
  /** Our own words on what was wrong with a response. */
  reason?: string;
}

/** The Events API, or the way to it, did not do what was asked. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  readonly detail: ApiErrorDetail;

  constructor(kind: ApiErrorKind, detail: ApiErrorDetail = {}) {
    const { path, status, code, reason } = detail;
    const facts = [status && `HTTP ${status}`, code, reason].filter(Boolean).join(', ');
    super(`${kind.replaceAll('_', ' ')}${facts && ` (${facts})`}${path === undefined ? '' : ` at ${path}`}`);
    this.kind = kind;
    this.detail = detail;
  }
}

/** Whether an error is the API's, and of one of these kinds if any are given. */
export function isApiError(error: unknown, ...kinds: ApiErrorKind[]): error is ApiError {
  return error instanceof ApiError && (kinds.length === 0 || kinds.includes(error.kind));
}
