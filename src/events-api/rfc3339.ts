/** Formats a time as the API takes it and as `read_at` keeps it: UTC in whole seconds, never later than given. */
export function toRfc3339(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
