/** Storage faults as the port's `StoreError`: one line each, that says what happened where and what a person can do. */
import { StoreError, type StoreErrorCode } from '../ports/store.ts';

const textOfError = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The chain can be fetched again from the other nodes, so the way out of a damaged store is always the same. */
export const corruptStore = (location: string, error: unknown): StoreError =>
  new StoreError('CORRUPT', `${textOfError(error)}; delete ${location} and let the node sync again`, {
    path: location,
  });

export const newerStore = (location: string, found: string, known: number): StoreError =>
  new StoreError(
    'WRONG_FORMAT',
    `${location} has layout ${found}, this program knows layout ${known}; run the version that made it, or delete ` +
      `${location} and let the node sync again`,
    { path: location },
  );

export const closedStore = (location: string): StoreError => new StoreError('CLOSED', `${location} is closed`);

/** What an operating system calls a fault, or LevelDB, which hands on the system's words. */
const KINDS: readonly (readonly [RegExp, StoreErrorCode, advice: string])[] = [
  [/ENOSPC|EDQUOT|No space left|quota exceeded/i, 'DISK_FULL', 'free space on that disk and start the node again'],
  [
    /EACCES|EPERM|EROFS|Permission denied|Operation not permitted|Read-only file system/i,
    'READ_ONLY',
    'give the user that runs the node the right to write there',
  ],
];

/** The disk refused. What was acknowledged before is safe; what was being written was not. */
export function diskFault(location: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const text = textOfError(error);
  const kind = KINDS.find(([pattern]) => pattern.test(text));
  if (!kind) return new StoreError('WRITE_FAILED', `${location}: ${text}`, { path: location });
  return new StoreError(kind[1], `${location} cannot be written (${text}); ${kind[2]}`, { path: location });
}

/**
 * A damaged log is not harmless: votes that were sent may be missing from it, and signing against them is slashed.
 * So it is never cut in the middle by the program.
 */
export const corruptLog = (path: string, offset: number): StoreError =>
  new StoreError(
    'CORRUPT',
    `${path} holds a damaged record at byte ${offset} with whole records after it, so votes that were sent may be ` +
      'unknown here; restore the file, or join again with a new validator key',
    { path, offset },
  );
