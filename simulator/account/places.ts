/** Somewhere people sign in from. The addresses are from the ranges reserved for documentation. */
export interface Place {
  /** Two letters; 1Password says `UK` where ISO 3166 says `GB`. */
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

/** Where the members live. */
export const places: readonly Place[] = [
  placeOf('CA', '198.51.100.', 'Canada', 'Ontario', 'Ottawa', 45.42, -75.69),
  placeOf('CA', '198.51.100.', 'Canada', 'Quebec', 'Montreal', 45.5, -73.57),
  placeOf('DE', '192.0.2.', 'Germany', 'Berlin', 'Berlin', 52.52, 13.4),
  placeOf('SE', '192.0.2.', 'Sweden', 'Stockholm', 'Stockholm', 59.33, 18.07),
  placeOf('UK', '192.0.2.', 'United Kingdom', 'England', 'Leeds', 53.8, -1.55),
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
