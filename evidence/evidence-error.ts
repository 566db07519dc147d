/** What ends the run, in a sentence for the person at the terminal. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}
