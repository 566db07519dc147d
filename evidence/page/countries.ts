import countries from 'i18n-iso-countries';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
// The coarse map lacks small countries, which the finer one has.
import fine from 'world-atlas/countries-50m.json' with { type: 'json' };
import coarse from 'world-atlas/land-110m.json' with { type: 'json' };

countries.registerLocale(english);

/** A code that events use beside those of ISO 3166. */
const ALIASES: Readonly<Record<string, string>> = { UK: 'GB' };

/** A country of the events: by code or by name, as they spell it. */
export interface Country {
  /** ISO 3166-1 alpha-2; undefined for what is no country that the standard knows. */
  code: string | undefined;
  name: string;
}

export function countryOf(spelling: string): Country {
  const code = ALIASES[spelling] ?? (countries.isValid(spelling) ? spelling : countries.getAlpha2Code(spelling, 'en'));
  return code === undefined ? { code, name: spelling } : { code, name: countries.getName(code, 'en') ?? spelling };
}

const shapes = feature(
  fine as unknown as Topology,
  (fine as unknown as Topology<{ countries: GeometryCollection }>).objects.countries,
).features;

/** The country's outline as GeoJSON, if the map has it. */
export function outlineOf(code: string): (typeof shapes)[number] | undefined {
  const id = countries.alpha2ToNumeric(code);
  return shapes.find((shape) => shape.id === id);
}

/** All land, as GeoJSON. */
export function land() {
  const topology = coarse as unknown as Topology<{ land: GeometryCollection }>;
  return feature(topology, topology.objects.land);
}
