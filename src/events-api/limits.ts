/** The limits of the Events API. https://developer.1password.com/docs/events-api/rate-limits/ */
export const REQUESTS_PER_MINUTE = 600;

/** Shared by all tools that read the account, like the limit of a minute. */
export const REQUESTS_PER_HOUR = 30_000;

/** The most events on a page. https://developer.1password.com/docs/events-api/pagination/ */
export const PAGE_SIZE = 1_000;

/** How far back the Events API reaches. https://developer.1password.com/docs/events-api/reference/ */
export const RETENTION_DAYS = 120;

/**
 * A start before every event that the API still has, in epoch milliseconds. 1Password's own clients ask for the same
 * date, and no clock of ours decides what is read. https://github.com/1Password/events-api-generic
 */
export const BEFORE_ALL_EVENTS_MS = Date.parse('2020-01-01T00:00:00Z');
