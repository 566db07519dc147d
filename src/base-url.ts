import { BlockList, isIP } from 'node:net';
import { ConnectorError } from './airbyte/errors.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Private and link-local networks: RFC 1918, 3927, 4193 and 4291. */
const PRIVATE_NETWORKS = new BlockList();
PRIVATE_NETWORKS.addSubnet('10.0.0.0', 8, 'ipv4');
PRIVATE_NETWORKS.addSubnet('172.16.0.0', 12, 'ipv4');
PRIVATE_NETWORKS.addSubnet('192.168.0.0', 16, 'ipv4');
PRIVATE_NETWORKS.addSubnet('169.254.0.0', 16, 'ipv4');
PRIVATE_NETWORKS.addSubnet('fc00::', 7, 'ipv6');
PRIVATE_NETWORKS.addSubnet('fe80::', 10, 'ipv6');

export interface BaseUrl {
  /** Without a slash at the end. */
  url: string;
  warning?: string;
}

/**
 * The address of a gateway or the simulator. Throws a config_error unless it is https, or http to this machine or to a
 * private network.
 */
export function parseBaseUrl(value: string): BaseUrl {
  if (!URL.canParse(value)) throw invalid('is not a URL');
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') throw invalid('must not carry a user name or a password');
  if (url.search !== '' || url.hash !== '') throw invalid('must not carry a query or a fragment');

  const address = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol === 'https:' || isLoopback(host)) return { url: address };
  if (!isPrivate(host)) {
    throw invalid(`uses http to the public host ${host}, which would expose the token on the network. Use https`);
  }
  return {
    url: address,
    warning: `base_url uses http: anyone who can listen on the network between this machine and ${host} can read the token.`,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isListed(LOOPBACK, host);
}

function isPrivate(host: string): boolean {
  const isSingleLabel = isIP(host) === 0 && !host.includes('.');
  return isSingleLabel || host === 'host.docker.internal' || isListed(PRIVATE_NETWORKS, host);
}

function isListed(list: BlockList, host: string): boolean {
  const version = isIP(host);
  return version !== 0 && list.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

function invalid(why: string): ConnectorError {
  return new ConnectorError('config_error', `The configuration cannot be used. base_url ${why}.`);
}
