import type { Cause, Outcome, Situation } from './cause.ts';
import type { FarEnd } from './far-end.ts';

function configOf({ api }: FarEnd, base_url: string): Situation['config'] {
  return { api_token: api.issueToken(), base_url };
}

/** Causes in a proxy that the environment names. */
function throughProxy(
  cause: string,
  outcome: Outcome,
  says: readonly string[],
  proxy: (farEnd: FarEnd) => string | Promise<string>,
): Cause {
  return {
    cause,
    outcome,
    says: [...says, 'HTTPS_PROXY'],
    arrange: async (farEnd) => ({
      config: configOf(farEnd, 'https://events.example.com'),
      env: { HTTPS_PROXY: await proxy(farEnd) },
    }),
  };
}

/** Causes on the way to the API. */
export const networkCauses: readonly Cause[] = [
  {
    cause: 'an unknown name',
    outcome: 'transient_error',
    says: ['name events.invalid could not be resolved', 'Check the DNS'],
    arrange: (farEnd) => ({ config: configOf(farEnd, 'https://events.invalid') }),
  },
  {
    cause: 'a closed port',
    outcome: 'transient_error',
    says: ['Could not connect to', '(ECONNREFUSED)', 'Check that it is running'],
    arrange: async (farEnd) => ({ config: configOf(farEnd, await farEnd.deserted()) }),
  },
  {
    cause: 'a certificate of an unknown authority',
    outcome: 'FAILED',
    says: ['No verified TLS connection', '(UNABLE_TO_VERIFY_LEAF_SIGNATURE)', 'NODE_EXTRA_CA_CERTS'],
    arrange: async (farEnd) => ({ config: configOf(farEnd, (await farEnd.tls()).url) }),
  },
  {
    cause: 'TLS to a port without it',
    outcome: 'FAILED',
    says: ['No verified TLS connection', '(EPROTO)', 'check base_url'],
    arrange: (farEnd) => ({ config: configOf(farEnd, farEnd.api.url.replace('http:', 'https:')) }),
  },
  {
    cause: 'a TLS alert',
    outcome: 'transient_error',
    says: ['broke off the TLS handshake', 'Try again later'],
    arrange: async (farEnd) => ({ config: configOf(farEnd, (await farEnd.tls(() => true)).url) }),
  },
  throughProxy('a proxy that wants a password', 'FAILED', ['(HTTP 407)', 'a user name and password'], (farEnd) =>
    farEnd.proxy({ credentials: 'somebody:correct-horse' }).then(({ url }) => url),
  ),
  throughProxy('a proxy that forbids', 'FAILED', ['(HTTP 403)', 'allow events.example.com'], (farEnd) =>
    farEnd.proxy({ refuseWith: 403 }).then(({ url }) => url),
  ),
  throughProxy('a proxy that is out of order', 'transient_error', ['(HTTP 503)', 'Try again later'], (farEnd) =>
    farEnd.proxy({ refuseWith: 503 }).then(({ url }) => url),
  ),
  throughProxy('a malformed proxy', 'FAILED', ['is not the address', 'Correct it'], () => 'http://pro xy:3128'),
  throughProxy(
    'a proxy of an unknown name',
    'transient_error',
    ['name of the proxy', 'Check the DNS'],
    () => 'http://proxy.invalid:3128',
  ),
  throughProxy('a proxy that says nothing', 'transient_error', ['did not answer in time'], async (farEnd) =>
    (await farEnd.raw()).url.replace('http:', 'https:'),
  ),
  throughProxy('a proxy that is down', 'transient_error', ['ECONNREFUSED', 'Check that it is running'], (farEnd) =>
    farEnd.deserted(),
  ),
];
