/**
 * What a node signed before it was started, bound to its chain. The log's first record says which chain the votes are
 * of, and below which height they were dropped when finality had made them obsolete: a node whose chain was lost and
 * whose log was kept knows from it how far it must follow the others before it may sign again.
 */
import type { LogRecord } from '../consensus/index.ts';
import { type ChainStore, StoreError, type WriteAheadLog, wrongGenesis } from '../ports/index.ts';
import { DecodeError } from '../protocol/errors.ts';
import type { Hash } from '../protocol/types.ts';
import { decodeLogHead, decodeLogRecord, encodeLogHead, encodeLogRecord } from './log-codec.ts';

export interface SignedBefore {
  /** Hash of the genesis block of the chain that the votes are of. */
  readonly genesis: Hash;
  readonly records: readonly LogRecord[];
  /** Votes in views up to the one of this height are not in the log any more. */
  readonly floorHeight: number;
}

/** The log without a chain's votes: what was signed is unknown, so nothing may be signed. */
const logLost = (location: string, chain: string): StoreError =>
  new StoreError(
    'LOG_LOST',
    `${location} is missing or empty beside the chain in ${chain}, so votes that were sent are unknown; restore the ` +
      'file, or join again with a new validator key',
    { path: location },
  );

const unreadable = (location: string, error: DecodeError): StoreError =>
  new StoreError(
    'WRONG_FORMAT',
    `${location} was written by another version of this program (${error.message}); run that version, or join again ` +
      'with a new validator key',
    { path: location },
  );

/**
 * Reads what was signed, or binds a new log to its chain. Comes before the store is bound to its genesis, so that a
 * chain without a log is always one whose log was lost.
 *
 * @throws StoreError WRONG_GENESIS, LOG_LOST, WRONG_FORMAT, CORRUPT
 */
export async function readSigned(log: WriteAheadLog, store: ChainStore, genesis: Hash): Promise<SignedBefore> {
  const bound = await store.genesisHash();
  if (bound !== undefined && bound !== genesis) throw wrongGenesis(store.location, bound, genesis);
  const [first, ...rest] = await log.replay();
  if (first === undefined) {
    if (bound !== undefined) throw logLost(log.location, store.location);
    await log.append([encodeLogHead({ genesis, floorHeight: 0 })]);
    return { genesis, records: [], floorHeight: 0 };
  }
  try {
    const head = decodeLogHead(first);
    if (head.genesis !== genesis) throw wrongGenesis(log.location, head.genesis, genesis);
    return { ...head, records: rest.map(decodeLogRecord) };
  } catch (error) {
    throw error instanceof DecodeError ? unreadable(log.location, error) : error;
  }
}

/** Drops what finality has made obsolete: everything up to a final height. */
export const keepSigned = (log: WriteAheadLog, { records, ...head }: SignedBefore): Promise<void> =>
  log.rewrite([encodeLogHead(head), ...records.map(encodeLogRecord)]);
