import { getProxyForUrl } from 'proxy-from-env';
import { ApiError } from './errors.ts';

/** A proxy that the environment names. */
export interface ProxySetting {
  url: string;
  /** The environment variable that names it. */
  variable: string;
}

/** The variables that name the proxy for https, in the order in which they are looked up. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];

/**
 * The proxy on the way to a base URL, if there is one. Plain HTTP goes to this machine or a private network alone, so
 * it is never handed to a proxy. Throws `proxy` if the variable holds no address of an HTTP proxy.
 */
export function findProxy(baseUrl: string): ProxySetting | undefined {
  const url = baseUrl.startsWith('http:') ? '' : getProxyForUrl(baseUrl);
  const variable = VARIABLES.find((name) => process.env[name]);
  if (url === '' || variable === undefined) return undefined;
  const reason = faultOf(url);
  if (reason !== undefined) throw new ApiError('proxy', { reason, proxyVariable: variable });
  return { url, variable };
}

function faultOf(url: string): string | undefined {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return 'is not the address of an HTTP proxy';
  try {
    const { username, password } = new URL(url);
    // The agent decodes them as well, and would fail on a bare percent sign.
    decodeURIComponent(`${username}:${password}`);
    return undefined;
  } catch {
    return 'has a user name or password that is not percent-encoded';
  }
}
