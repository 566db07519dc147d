/** The limits of the Events API. https://developer.1password.com/docs/events-api/rate-limits/ */
export const REQUESTS_PER_MINUTE = 600;

/** Shared by all tools that read the account, like the limit of a minute. */
export const REQUESTS_PER_HOUR = 30_000;

/** The most events on a page. https://developer.1password.com/docs/events-api/pagination/ */
export const PAGE_SIZE = 1_000;
