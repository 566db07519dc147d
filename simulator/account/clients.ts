import type { Random } from '../random.ts';

/** An app on some device, without the address it comes from. */
export interface Client {
  readonly app_name: string;
  /** Digits only, whatever the app. */
  readonly app_version: string;
  /** The name of the computer, which often is its owner's; the model of a phone; the browser. */
  readonly platform_name: string;
  readonly platform_version: string;
  readonly os_name: string;
  readonly os_version: string;
}

const CLI_VERSION = '2320003';

const ofMembers: readonly ((owner: string) => Client)[] = [
  (owner) =>
    clientOf('1Password for Mac', '81200010', `${owner}s-MacBook-Pro.local`, 'MacBookPro18,3', 'MacOSX', '15.1'),
  (owner) => clientOf('1Password for Windows', '81118036', `DESKTOP-${owner.toUpperCase()}`, 'x86_64', 'Windows', '11'),
  (owner) => clientOf('1Password for Linux', '81200010', `${owner.toLowerCase()}-thinkpad`, 'x86_64', 'Linux', '6.8.0'),
  () => clientOf('1Password for iOS', '81200012', 'iPhone16,2', 'iPhone16,2', 'iOS', '18.1'),
  () => clientOf('1Password for Android', '81200008', 'Pixel 8', 'Pixel 8', 'Android', '15'),
  () => clientOf('1Password Browser Extension', '81036', 'Firefox extension', '131.0', 'Windows', '11'),
  () => clientOf('1Password Browser Extension', '81040', 'Chrome extension', '130.0.0.0', 'MacOSX', '14.7.1'),
  // A web app does not know its device well.
  () => clientOf('1Password for Web', '1842', 'Chrome', '130.0.0.0', '', ''),
];

/** What service accounts use. */
export const serviceAccountClients: readonly Client[] = [
  clientOf('1Password CLI', CLI_VERSION, 'ci-runner-14', '', 'linux', ''),
  clientOf('1Password Connect', '10702', 'connect-api-5f7b9c6d44-9kq2x', '', 'linux', ''),
];

/** The app that provisions people. */
export const scimBridge = clientOf(
  '1Password SCIM Bridge',
  '20905',
  'op-scim-bridge-7c9d8f6b5c-x2x4q',
  '',
  'linux',
  '',
);

/** An app that is none of 1Password's. */
export const unknownClient = clientOf('vault-fetcher', '3', 'unknown', '', 'linux', '');

/** An app that a member of that name may use. */
export function memberClient(name: string, random: Random): Client {
  const [givenName = ''] = name.split(' ');
  if (random.chance(0.05))
    return clientOf('1Password CLI', CLI_VERSION, `${givenName}s-MacBook-Pro.local`, '', 'darwin', '');
  return random.pick(ofMembers)(givenName);
}

function clientOf(app: string, version: string, platform: string, model: string, os: string, release: string): Client {
  return {
    app_name: app,
    app_version: version,
    platform_name: platform,
    platform_version: model,
    os_name: os,
    os_version: release,
  };
}
