import { BlockList, isIP } from 'node:net';
import { ConnectorError } from './airbyte/errors.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Private and link-local networks: RFC 1918, 3927, 4193 and 4291. */
const NEIGHBOURS = new BlockList();
NEIGHBOURS.addSubnet('10.0.0.0', 8, 'ipv4');
NEIGHBOURS.addSubnet('172.16.0.0', 12, 'ipv4');
NEIGHBOURS.addSubnet('192.168.0.0', 16, 'ipv4');
NEIGHBOURS.addSubnet('169.254.0.0', 16, 'ipv4');
NEIGHBOURS.addSubnet('fc00::', 7, 'ipv6');
NEIGHBOURS.addSubnet('fe80::', 10, 'ipv6');

/** Where the owner of the token wants it sent, and what there is to say about that. */
export interface Gateway {
  /** Without a slash at the end. */
  baseUrl: string;
  warning?: string;
}

/**
 * The address of a gateway or the simulator. Throws a config_error unless it is https, or http to a host that only
 * this machine or its own network can be.
 */
export function parseBaseUrl(value: string): Gateway {
  if (!URL.canParse(value)) throw invalid('is no URL');
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') throw invalid('must not carry a user name or a password');
  if (url.search !== '' || url.hash !== '') throw invalid('must not carry a query or a fragment');

  const baseUrl = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol === 'https:' || isLoopback(host)) return { baseUrl };
  if (!isNeighbour(host)) {
    throw invalid(`uses http to the public host ${host}, which would show the token to everyone on the way. Use https`);
  }
  return {
    baseUrl,
    warning: `base_url uses http: whoever can listen on the network between here and ${host} can read the token.`,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isListed(LOOPBACK, host);
}

function isNeighbour(host: string): boolean {
  const isSingleLabel = isIP(host) === 0 && !host.includes('.');
  return isSingleLabel || host === 'host.docker.internal' || isListed(NEIGHBOURS, host);
}

function isListed(list: BlockList, host: string): boolean {
  const version = isIP(host);
  return version !== 0 && list.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

function invalid(why: string): ConnectorError {
  return new ConnectorError('config_error', `The configuration cannot be used. base_url ${why}.`);
}
