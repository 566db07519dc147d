/** The noon at which the held clocks of the tests stand. */
export const NOW = Date.parse('2026-10-03T12:00:00Z');

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
