import { Ajv, type ErrorObject } from 'ajv';
import specification from '../schemas/spec.json' with { type: 'json' };
import { ConnectorError } from './airbyte/errors.ts';
import { isObject, type JsonObject } from './airbyte/json.ts';
import { parseBaseUrl } from './base-url.ts';
import type { ApiVersion } from './events-api/cursor-endpoint.ts';
import { parseDateTime } from './events-api/date-time.ts';
import { REQUESTS_PER_MINUTE } from './events-api/limits.ts';
import {
  eventsHost,
  isLegacy,
  REGIONS,
  type Region,
  readClaims,
  regionOf,
  type TokenClaims,
} from './events-api/token.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A validated configuration. */
export interface Config {
  token: string;
  /** The token's own claims; undefined if it is not a JSON Web Token. */
  claims: TokenClaims | undefined;
  /** Scheme, host and possibly a path, without a trailing slash. */
  baseUrl: string;
  /** Epoch milliseconds; undefined if the user has not chosen a date. */
  startDateMs: number | undefined;
  apiVersion: ApiVersion;
  requestsPerMinute: number;
  /** What the user should know, although the run goes on. */
  warnings: string[];
}

/** The fields of the published specification. */
interface RawConfig {
  api_token: string;
  region?: Region;
  start_date?: string;
  api_version?: ApiVersion;
  requests_per_minute?: number;
  base_url?: string;
}

/**
 * Validates a configuration against the published specification and the rules that a schema cannot express. Throws a
 * config_error that names each broken field and never shows a value that might be secret.
 */
export function parseConfig(rawConfig: unknown, nowMs: number): Config {
  if (!isObject(rawConfig)) throw invalid('The configuration is not a JSON object.');
  const raw = validate(withoutNulls(rawConfig));
  const token = parseToken(raw.api_token);
  const claims = readClaims(token);
  const gateway = raw.base_url === undefined ? undefined : parseBaseUrl(raw.base_url);

  return {
    token,
    claims,
    baseUrl: gateway?.url ?? `https://${eventsHost(findRegion(raw.region, claims))}`,
    startDateMs: raw.start_date === undefined ? undefined : parseStartDate(raw.start_date, nowMs),
    apiVersion: raw.api_version ?? 'v1',
    requestsPerMinute: raw.requests_per_minute ?? REQUESTS_PER_MINUTE,
    warnings: gateway?.warning === undefined ? [] : [gateway.warning],
  };
}

/** For an optional field null is as good as absent; for the required one it is a missing value. */
function withoutNulls(rawConfig: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(rawConfig).filter(([, value]) => value !== null));
}

function validate(rawConfig: JsonObject): RawConfig {
  // Formats are switched off because `date-time` would refuse a plain date; parseStartDate checks the dates.
  // A test validates the specification itself; a run need not.
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    validateFormats: false,
    strict: false,
    meta: false,
    validateSchema: false,
  });
  const isValid = ajv.compile<RawConfig>(specification.connectionSpecification);
  if (isValid(rawConfig)) return rawConfig;
  throw invalid((isValid.errors ?? []).map(toSentence).join(' '));
}

function toSentence({ instancePath, keyword, params, message, parentSchema }: ErrorObject): string {
  const field = instancePath.slice(1);
  switch (keyword) {
    case 'required':
      return `${params.missingProperty} is missing.`;
    case 'enum':
      return `${field} must be one of ${params.allowedValues.join(', ')}.`;
    case 'pattern':
      return `${field} must have the form ${parentSchema?.pattern_descriptor}.`;
    default:
      return `${field} ${message}.`;
  }
}

/** The token without what was copied along with it. Throws if it cannot be sent in an HTTP header. */
function parseToken(apiToken: string): string {
  const token = apiToken.trim().replace(/^Bearer\s+/i, '');
  if (token === '' || /^Bearer$/i.test(token)) {
    throw invalid('api_token is empty. Paste the Events API token that 1Password showed when it was issued.');
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw invalid(
      'api_token contains white space, a control character or a character outside ASCII, so it cannot be sent. ' +
        'Paste the token again, in one piece.',
    );
  }
  return token;
}

/** The token names its host. A region that contradicts it would fail on every request. */
function findRegion(configured: Region | undefined, claims: TokenClaims | undefined): Region {
  if (claims?.audience === undefined || isLegacy(claims)) return configured ?? '1password.com';
  const named = regionOf(claims);
  if (named === undefined) {
    throw invalid(
      `The token names the host ${JSON.stringify(claims.audience.slice(0, 100))}, which is not one of 1Password's ` +
        `(${REGIONS.map(eventsHost).join(', ')}). It was not sent anywhere. Use a token that was issued in ` +
        '1Password under Integrations, Events Reporting.',
    );
  }
  if (configured !== undefined && configured !== named) {
    throw invalid(
      `region is set to ${configured}, but the token belongs to an account on ${named} (its host is ` +
        `${eventsHost(named)}). Set region to ${named}, or leave it empty: the token names its own host.`,
    );
  }
  return named;
}

/** Today's date may be tomorrow's in another time zone. Anything later would never read an event. */
function parseStartDate(startDate: string, nowMs: number): number {
  const epochMs = parseDateTime(startDate.includes('T') ? startDate : `${startDate}T00:00:00Z`)?.epochMs;
  if (epochMs === undefined) throw invalid('start_date is not a valid calendar date.');
  if (epochMs > nowMs + DAY_MS) {
    throw invalid('start_date is in the future, so there would be nothing to read. Choose a date up to today.');
  }
  return Math.min(epochMs, nowMs);
}

function invalid(message: string): ConnectorError {
  return new ConnectorError('config_error', `The configuration cannot be used. ${message}`);
}
