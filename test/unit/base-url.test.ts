import { expect, test } from '@jest/globals';
import { parseBaseUrl } from '../../src/base-url.ts';

function warningOf(host: string): string {
  return `base_url uses http: anyone who can listen on the network between this machine and ${host} can read the token.`;
}

test.each([
  ['https://gateway.example.com', 'https://gateway.example.com'],
  ['https://gateway.example.com/', 'https://gateway.example.com'],
  ['https://gateway.example.com:8443/1password/events//', 'https://gateway.example.com:8443/1password/events'],
  ['HTTPS://Gateway.Example.COM/Path', 'https://gateway.example.com/Path'],
  ['https://203.0.113.9', 'https://203.0.113.9'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://api.localhost', 'http://api.localhost'],
  ['http://127.0.0.1:9000/api/', 'http://127.0.0.1:9000/api'],
  ['http://127.255.255.254', 'http://127.255.255.254'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
])('%s is taken as it stands', (value, url) => {
  expect(parseBaseUrl(value)).toEqual({ url });
});

test.each([
  ['http://10.0.0.1', '10.0.0.1'],
  ['http://10.255.255.255:8080', '10.255.255.255'],
  ['http://172.16.0.1', '172.16.0.1'],
  ['http://172.31.255.255', '172.31.255.255'],
  ['http://192.168.3.4', '192.168.3.4'],
  ['http://169.254.1.1', '169.254.1.1'],
  ['http://[fc00::1]', 'fc00::1'],
  ['http://[fdff::1]', 'fdff::1'],
  ['http://[fe80::1]:80', 'fe80::1'],
  ['http://[febf::1]', 'febf::1'],
  ['http://simulator:8080', 'simulator'],
  ['http://host.docker.internal:8080', 'host.docker.internal'],
])('%s is taken with a warning', (value, host) => {
  expect(parseBaseUrl(value)).toEqual({ url: new URL(value).origin, warning: warningOf(host) });
});

test.each([
  'http://events.1password.com',
  'http://example.com:8080',
  'http://8.8.8.8',
  'http://9.255.255.255',
  'http://11.0.0.0',
  'http://126.255.255.255',
  'http://128.0.0.1',
  'http://172.15.255.255',
  'http://172.32.0.0',
  'http://192.167.255.255',
  'http://192.169.0.0',
  'http://169.253.0.1',
  'http://0.0.0.0',
  'http://[2001:db8::1]',
  'http://[fbff::1]',
  'http://[fec0::1]',
  'http://[::2]',
  'http://localhost.example.com',
  'http://notlocalhost.example',
  'http://evil-host.docker.internal',
  'http://10.0.0.1.example.com',
])('%s would expose the token on the network, so it is refused', (value) => {
  expect(() => parseBaseUrl(value)).toThrow(
    /^The configuration cannot be used\. base_url uses http to the public host/,
  );
});

test.each([
  ['gateway.example.com', 'is not a URL'],
  ['', 'is not a URL'],
  ['https://', 'is not a URL'],
  ['ftp://localhost', 'must begin with https:// or http://'],
  ['file:///etc/passwd', 'must begin with https:// or http://'],
  ['https://user@gateway.example.com', 'must not carry a user name or a password'],
  ['https://user:secret@gateway.example.com', 'must not carry a user name or a password'],
  ['https://gateway.example.com?key=secret', 'must not carry a query or a fragment'],
  ['https://gateway.example.com/#part', 'must not carry a query or a fragment'],
])('%s is refused: it %s', (value, why) => {
  expect(() => parseBaseUrl(value)).toThrow(
    expect.objectContaining({
      failureType: 'config_error',
      message: `The configuration cannot be used. base_url ${why}.`,
    }),
  );
});
