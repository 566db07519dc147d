/** The most severe first. */
export const SEVERITIES = ['high', 'medium', 'low', 'info'];

export function bySeverity(a: { severity: string }, b: { severity: string }): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}
