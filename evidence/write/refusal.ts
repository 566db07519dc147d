import { EvidenceError } from '../evidence-error.ts';

export function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return (error as NodeJS.ErrnoException).syscall !== undefined;
}

/** What the file system refuses is for the person at the terminal to mend. */
export function notWritten({ code = '', message }: NodeJS.ErrnoException, what: string, left: string): EvidenceError {
  return new EvidenceError(`${what} could not be written: ${CAUSES[code] ?? message}. ${left}`);
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'a file grew beyond what the disk or a limit of this user allows',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file',
};
