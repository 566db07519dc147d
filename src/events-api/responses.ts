/** What the status and the body of a response mean, whichever endpoint sent it. */
import { ApiError, type ApiErrorKind } from './errors.ts';
import { parseJson } from './json.ts';
import { parseRetryAfterMs } from './retry-after.ts';
import type { HttpResponse } from './transport.ts';

/** Throws an ApiError unless the status is one of success. `nowMs` is for a `Retry-After` that names a date. */
export function checkStatus({ status, retryAfter, body }: HttpResponse, path: string, nowMs: number): void {
  const kind = status === 403 && isHtml(body.toString()) ? 'firewall' : kindOfStatus(status);
  if (kind === undefined) return;
  const retryAfterMs = status === 429 || status === 503 ? parseRetryAfterMs(retryAfter, nowMs) : undefined;
  throw new ApiError(kind, { path, status, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

/** The JSON of a body. Throws an ApiError without the parser's own text, which quotes the body. */
export function parseBody({ status, body }: HttpResponse, path: string): unknown {
  const text = new TextDecoder().decode(body);
  if (isHtml(text)) throw new ApiError('html', { path, status });
  try {
    return parseJson(text);
  } catch (error) {
    // The parser's stack is exhausted.
    if (error instanceof RangeError) throw new ApiError('wrong_shape', { path, reason: 'is nested too deeply' });
    throw new ApiError('not_json', { path, status });
  }
}

/** By the content: a captive portal may announce its page as anything. */
function isHtml(text: string): boolean {
  return /^\s*</.test(text);
}

const KIND_OF_STATUS: Record<number, ApiErrorKind> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_found',
  408: 'timeout',
  410: 'not_found',
  429: 'rate_limited',
};

/** Undefined for success. https://developer.1password.com/docs/events-api/status-codes/ */
function kindOfStatus(status: number): ApiErrorKind | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) return 'redirected';
  return KIND_OF_STATUS[status] ?? (status >= 500 ? 'server_error' : 'unexpected_status');
}
