/** Somewhere people sign in from. The addresses are from the ranges reserved for documentation. */
export interface Place {
  readonly code: string;
  readonly network: string;
  readonly location: {
    readonly country: string;
    readonly region: string;
    readonly city: string;
    readonly latitude: number;
    readonly longitude: number;
  };
}

/** An app on some device, without the address it comes from. */
export interface Client {
  readonly app_name: string;
  readonly app_version: string;
  readonly platform_name: string;
  readonly platform_version: string;
  readonly os_name: string;
  readonly os_version: string;
}

/** Where the members live. */
export const places: readonly Place[] = [
  placeOf('CA', '198.51.100.', 'Canada', 'Ontario', 'Ottawa', 45.42, -75.69),
  placeOf('CA', '198.51.100.', 'Canada', 'Quebec', 'Montreal', 45.5, -73.57),
  placeOf('DE', '192.0.2.', 'Germany', 'Berlin', 'Berlin', 52.52, 13.4),
  placeOf('SE', '192.0.2.', 'Sweden', 'Stockholm', 'Stockholm', 59.33, 18.07),
  placeOf('US', '203.0.113.', 'United States', 'Oregon', 'Portland', 45.52, -122.68),
  placeOf('JP', '2001:db8:81::', 'Japan', 'Tokyo', 'Tokyo', 35.68, 139.69),
];

/** Where nobody of the account lives: travellers, and attempts that a firewall rule stops. */
export const farPlaces: readonly Place[] = [
  placeOf('PT', '203.0.113.', 'Portugal', 'Lisbon', 'Lisbon', 38.72, -9.14),
  placeOf('BR', '203.0.113.', 'Brazil', 'Bahia', 'Salvador', -12.97, -38.5),
  placeOf('VN', '192.0.2.', 'Vietnam', 'Da Nang', 'Da Nang', 16.07, 108.21),
  placeOf('ZA', '2001:db8:27::', 'South Africa', 'Western Cape', 'Cape Town', -33.93, 18.42),
];

/** The apps that members use. */
export const clients: readonly Client[] = [
  clientOf('1Password for Mac', '81200010', 'MacBookPro18,3', 'MacBookPro18,3', 'MacOSX', '15.1'),
  clientOf('1Password for Windows', '81118036', 'Dell XPS 13', 'x86_64', 'Windows', '11'),
  clientOf('1Password for iOS', '81200012', 'iPhone16,2', 'iPhone16,2', 'iOS', '18.1'),
  clientOf('1Password for Android', '81200008', 'Pixel 8', 'Pixel 8', 'Android', '15'),
  clientOf('1Password for Linux', '81200010', 'ThinkPad T14', 'x86_64', 'Linux', '6.8.0'),
  clientOf('1Password Browser Extension', '81036', 'Firefox', '131.0', 'Windows', '11'),
  clientOf('1Password Browser Extension', '81040', 'Chrome', '130.0.0.0', 'MacOSX', '14.7.1'),
  // A web app does not know its device well.
  clientOf('1Password for Web', '1842', 'Chrome', '130.0.0.0', '', ''),
];

/** What a service account uses. */
export const scriptClient: Client = clientOf('1Password CLI', '2.30.0', 'op', '', 'linux', '');

function placeOf(
  code: string,
  network: string,
  country: string,
  region: string,
  city: string,
  latitude: number,
  longitude: number,
): Place {
  return { code, network, location: { country, region, city, latitude, longitude } };
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
