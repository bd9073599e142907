/** Storage faults as the port's `StoreError`, each saying what a person can do about it. */
import { StoreError } from '../ports/store.ts';

const textOfError = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The chain can be fetched again from the other nodes, so the way out of a damaged store is always the same. */
export const corruptStore = (location: string, error: unknown): StoreError =>
  new StoreError('CORRUPT', `${textOfError(error)}; delete ${location} and let the node sync again`);

export const closedStore = (location: string): StoreError => new StoreError('CLOSED', `${location} is closed`);

export const writeFailed = (location: string, error: unknown): StoreError =>
  new StoreError('WRITE_FAILED', `${location}: ${textOfError(error)}`);

/**
 * A damaged log is not harmless: votes that were sent may be missing from it, and signing against them is slashed.
 * So it is never cut in the middle by the program.
 */
export const corruptLog = (path: string, offset: number): StoreError =>
  new StoreError(
    'CORRUPT',
    `${path} holds a damaged record at byte ${offset} with whole records after it, so votes that were sent may be ` +
      'unknown here; restore the file, or join again with a new validator key',
  );
