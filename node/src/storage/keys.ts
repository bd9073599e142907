/** Keys of the chain store: readable in any LevelDB tool, heights padded so that byte order is block order. */
import type { Hash } from '../protocol/types.ts';
import { HEIGHT_DIGITS } from './constants.ts';
import type { KeyRange } from './key-value.ts';

const padded = (height: number): string => String(height).padStart(HEIGHT_DIGITS, '0');
/** The character after '/', which ends the range of everything below a prefix. */
const AFTER_SLASH = '0';

export const SCHEMA_KEY = 'meta/schema';
export const GENESIS_KEY = 'meta/genesis';
export const TIP_KEY = 'meta/tip';

export const blockKey = (height: number): string => `block/${padded(height)}`;
/** Blocks of these heights, `to` excluded. */
export const blockRange = (from: number, to: number): KeyRange => ({ from: blockKey(from), to: blockKey(to) });
export const receiptsKey = (height: number): string => `receipts/${padded(height)}`;
export const finalityKey = (height: number): string => `finality/${padded(height)}`;
export const hashKey = (hash: Hash): string => `hash/${hash}`;
export const transactionKey = (hash: Hash): string => `transaction/${hash}`;
export const evidenceKey = (hash: Hash): string => `evidence/${hash}`;

/** Marks a height whose receipts hold events, so that reading events never walks through empty blocks. */
const EVENTS_PREFIX = 'events';
export const eventsKey = (height: number): string => `${EVENTS_PREFIX}/${padded(height)}`;
export const eventsHeight = (key: string): number => Number(key.slice(EVENTS_PREFIX.length + 1));
/** Heights with events below `beforeHeight`, newest first. */
export const eventsRange = (beforeHeight: number): KeyRange => ({
  from: `${EVENTS_PREFIX}/`,
  to: eventsKey(beforeHeight),
  reverse: true,
});

const SET_CHANGE_PREFIX = 'set-change';
export const setChangeKey = (height: number): string => `${SET_CHANGE_PREFIX}/${padded(height)}`;
export const SET_CHANGE_RANGE: KeyRange = { from: `${SET_CHANGE_PREFIX}/`, to: `${SET_CHANGE_PREFIX}${AFTER_SLASH}` };

const STATE_PREFIX = 'state';
export const stateKey = (key: string): string => `${STATE_PREFIX}/${key}`;
export const stateName = (key: string): string => key.slice(STATE_PREFIX.length + 1);
export const STATE_RANGE: KeyRange = { from: `${STATE_PREFIX}/`, to: `${STATE_PREFIX}${AFTER_SLASH}` };
