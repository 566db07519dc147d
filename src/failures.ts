/** What each failure of the API means for the user: Airbyte's failure type, the cause and the remedy. */
import { ConnectorError, type FailureType, toConnectorError } from './airbyte/errors.ts';
import type { Config } from './config.ts';
import { type ApiErrorDetail, type ApiErrorKind, isApiError } from './events-api/errors.ts';
import { REQUESTS_PER_HOUR, REQUESTS_PER_MINUTE } from './events-api/limits.ts';
import type { StreamDefinition } from './streams.ts';
import { explainRejection, WHERE_TO_ISSUE } from './token-advice.ts';

interface Context extends ApiErrorDetail {
  config: Config;
  nowMs: number;
  host: string;
}

interface Explanation {
  failureType: FailureType;
  endsRun?: boolean;
  sentence(context: Context): string;
}

const REPORT = 'This is a bug in the connector or a change of the API: please report it with the log of this run.';
const LATER = 'Nothing that was already delivered is lost: the next sync resumes from there.';

const malformed: Explanation = {
  failureType: 'system_error',
  sentence: ({ host, path }) => `${host} refused the request to ${path} as malformed (HTTP 400). ${REPORT}`,
};

const EXPLANATIONS: Record<ApiErrorKind, Explanation> = {
  bad_request: malformed,
  cursor_refused: malformed,
  unauthorized: {
    failureType: 'config_error',
    endsRun: true,
    sentence: ({ config, nowMs }) => explainRejection(config, nowMs),
  },
  forbidden: {
    failureType: 'config_error',
    sentence: ({ host, path }) =>
      `${host} forbids the request to ${path} (HTTP 403): a firewall or gateway on the way refuses it, or the token may ` +
      `not read this. Allow this machine to reach ${host} directly; if it already does, issue a new token with all event types ` +
      `${WHERE_TO_ISSUE}.`,
  },
  firewall: {
    failureType: 'config_error',
    sentence: ({ host, path }) =>
      `A firewall or gateway in front of ${host} refuses the request to ${path} with a web page (HTTP 403). Allow this machine ` +
      `to reach ${host}, or check base_url.`,
  },
  not_found: {
    failureType: 'config_error',
    sentence: ({ host, path, status }) =>
      `${host} has no ${path} (HTTP ${status}), so it is not 1Password's Events API. Check base_url, or remove it.`,
  },
  redirected: {
    failureType: 'config_error',
    sentence: ({ host, status }) =>
      `${host} responded with a redirect (HTTP ${status}), which is not followed because the token would go to another host. ` +
      'Check base_url, and whether a sign-in page or a proxy stands between this machine and 1Password.',
  },
  rate_limited: {
    failureType: 'transient_error',
    sentence: ({ host, retryAfterMs }) =>
      `${host} reports that the rate limit is reached (HTTP 429)${askedToWait(retryAfterMs)}. All tools that read this ` +
      `1Password account share ${REQUESTS_PER_MINUTE} requests a minute and ${REQUESTS_PER_HOUR.toLocaleString('en')} an ` +
      'hour: lower requests_per_minute of this source, or try again later.',
  },
  server_error: {
    failureType: 'transient_error',
    sentence: ({ host, status }) =>
      `${host} keeps responding with a server error (HTTP ${status}). See https://status.1password.com and try again ` +
      `later.`,
  },
  unexpected_status: {
    failureType: 'system_error',
    sentence: ({ host, path, status }) =>
      `${host} responded to ${path} with HTTP ${status}, which the API does not document. ${REPORT}`,
  },
  html: {
    failureType: 'config_error',
    sentence: ({ host }) =>
      `A web page came back instead of a response from ${host}: a captive portal, a sign-in page or a filter answers in ` +
      `1Password's place. Allow this machine to reach ${host} directly, or check base_url.`,
  },
  not_json: {
    failureType: 'transient_error',
    sentence: ({ host, path }) =>
      `${host} keeps responding to ${path} with something that is not JSON. Try again later.`,
  },
  wrong_shape: {
    failureType: 'system_error',
    sentence: ({ host, path, reason }) => `${host} responded to ${path} with a body that ${reason}. ${REPORT}`,
  },
  stuck_cursor: {
    failureType: 'transient_error',
    sentence: ({ host, path }) =>
      `${host} keeps reporting more events at ${path}, but does not move on. All events that it served were delivered. ` +
      'Try again later; if this persists, contact 1Password Support.',
  },
  dns: {
    failureType: 'transient_error',
    sentence: ({ host, code, proxyVariable }) =>
      `The name ${proxyVariable ? `of the proxy in ${proxyVariable}` : withoutPort(host)} could not be resolved (${code}). ` +
      `Check the DNS and the network of this machine${proxyVariable ? '' : ', and base_url if it is set'}.`,
  },
  refused: {
    failureType: 'transient_error',
    sentence: ({ host, code, proxyVariable }) =>
      `Could not connect to ${proxyVariable ? `the proxy in ${proxyVariable}` : host} (${code}). Check that it is running, and ` +
      'that no firewall blocks the connection.',
  },
  connection_lost: {
    failureType: 'transient_error',
    sentence: ({ host, code, proxyVariable }) =>
      `The connection to ${host} was lost before the response was complete${code === undefined ? '' : ` (${code})`}` +
      `${throughProxy(proxyVariable)}. Check the network, and try again later.`,
  },
  timeout: {
    failureType: 'transient_error',
    sentence: ({ host, proxyVariable }) =>
      `${host} did not answer in time${throughProxy(proxyVariable)}. Check that the network lets this machine reach it, and ` +
      `try again later.`,
  },
  tls: {
    failureType: 'config_error',
    sentence: ({ host, code, proxyVariable }) =>
      `No verified TLS connection to ${host}${throughProxy(proxyVariable)} (${code}): this machine does not trust its ` +
      'certificate, or it does not speak TLS. If a company proxy re-signs connections, name its authority in ' +
      `NODE_EXTRA_CA_CERTS; otherwise check ${proxyVariable ? `that ${proxyVariable} begins with http://` : 'base_url'}.`,
  },
  tls_interrupted: {
    failureType: 'transient_error',
    sentence: ({ host, code, proxyVariable }) =>
      `${host} broke off the TLS handshake${throughProxy(proxyVariable)} (${code}). Try again later; if this persists, ` +
      'check base_url and the proxies on the way.',
  },
  proxy: {
    failureType: 'config_error',
    sentence: ({ host, status, reason, proxyVariable }) =>
      status === undefined
        ? `${proxyVariable} ${reason}. Correct it, or list ${host} in NO_PROXY.`
        : `The proxy in ${proxyVariable} refuses to connect to ${host} (HTTP ${status})` +
          `${status === 407 ? `: it asks for a user name and password, which belong in ${proxyVariable}` : ''}. ` +
          `Let it allow ${withoutPort(host)}, or list that in NO_PROXY.`,
  },
  proxy_unavailable: {
    failureType: 'transient_error',
    sentence: ({ host, status, proxyVariable }) =>
      `The proxy in ${proxyVariable} could not connect to ${host} (HTTP ${status}). Try again later; if this persists, check ` +
      'the proxy.',
  },
};

/** Whatever was thrown, as the user reads it. `stream` is named if the failure concerns one stream alone. */
export function explainFailure(error: unknown, config: Config, nowMs: number, stream?: string): ConnectorError {
  // Only JSON.stringify recurses as deeply as the data are nested.
  if (stream !== undefined && error instanceof RangeError && error.message.includes('call stack')) {
    const message = `${stream}: 1Password sent an event that is nested too deeply to be written as JSON. ${REPORT}`;
    return new ConnectorError('system_error', message, { cause: error });
  }
  if (!isApiError(error)) return toConnectorError(error);
  const { failureType, endsRun = false, sentence } = EXPLANATIONS[error.kind];
  const explanation = sentence({ ...error.detail, config, nowMs, host: new URL(config.baseUrl).host });
  const subject = stream === undefined || endsRun ? '' : `${stream}: `;
  const hint = stream !== undefined && failureType === 'transient_error' ? ` ${LATER}` : '';
  return new ConnectorError(failureType, `${subject}${explanation}${hint}`, { endsRun, cause: error });
}

/** A stream whose event type the token lacks. */
export function notGranted({ name, feature, title }: StreamDefinition): ConnectorError {
  return new ConnectorError(
    'config_error',
    `${name}: the token was issued without the event type ${title} (${feature}), so this stream cannot be read. Issue a ` +
      `new token with all event types ${WHERE_TO_ISSUE}, or deselect the stream.`,
  );
}

/** A stream that responds with 401 although introspection does not reject the token. */
export function refusedStream({ name, feature, title }: StreamDefinition): ConnectorError {
  return new ConnectorError(
    'config_error',
    `${name}: 1Password refuses access to ${title} (${feature}) with HTTP 401, although it has not rejected the token. ` +
      `Issue a new token with all event types ${WHERE_TO_ISSUE}, or deselect the stream.`,
  );
}

function askedToWait(retryAfterMs: number | undefined): string {
  if (retryAfterMs === undefined) return '';
  const seconds = Math.ceil(retryAfterMs / 1000);
  return ` and asks to wait ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`}`;
}

function throughProxy(proxyVariable: string | undefined): string {
  return proxyVariable ? ` (through the proxy in ${proxyVariable})` : '';
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
