/** Whether what is on the screen is live: decided from what the stream and the polls reported, and the clock. */
import { DOWN_AFTER_MS, REOPEN_AFTER_MS, STALLED_AFTER_MS } from '../constants.ts';

export interface Contact {
  /** Whether the stream is open. */
  readonly streaming: boolean;
  /** When the node last answered anything; null before the first answer. */
  readonly lastContactMs: number | null;
  /** When the stream was lost, or first tried; null while it is open. */
  readonly lostAtMs: number | null;
  /** When this browser saw the newest block arrive; null before the first. */
  readonly blockSeenAtMs: number | null;
}

/**
 * - `connecting`: the first attempt is under way
 * - `live`: the stream is open
 * - `stalled`: the stream is open and no block has come for long: the chain waits for a quorum
 * - `reconnecting`: the stream was lost a moment ago
 * - `down`: the node has not answered for long
 */
export type Connection = 'connecting' | 'live' | 'stalled' | 'reconnecting' | 'down';

export const noContact = (nowMs: number): Contact => ({
  streaming: false,
  lastContactMs: null,
  lostAtMs: nowMs,
  blockSeenAtMs: null,
});

export type ContactEvent = 'opened' | 'lost' | 'answered' | 'block';

export function contactAfter(contact: Contact, event: ContactEvent, nowMs: number): Contact {
  switch (event) {
    case 'opened':
      return { streaming: true, lastContactMs: nowMs, lostAtMs: null, blockSeenAtMs: nowMs };
    case 'lost':
      return { ...contact, streaming: false, lostAtMs: contact.lostAtMs ?? nowMs };
    case 'answered':
      return { ...contact, lastContactMs: nowMs };
    case 'block':
      return { ...contact, lastContactMs: nowMs, blockSeenAtMs: nowMs };
  }
}

export function connectionOf(contact: Contact, nowMs: number): Connection {
  const { streaming, lastContactMs, lostAtMs, blockSeenAtMs } = contact;
  if (streaming) return blockSeenAtMs !== null && nowMs - blockSeenAtMs > STALLED_AFTER_MS ? 'stalled' : 'live';
  if (lostAtMs !== null && nowMs - lostAtMs > DOWN_AFTER_MS) return 'down';
  return lastContactMs === null ? 'connecting' : 'reconnecting';
}

/** Whether the stream has been gone for so long that it is better opened anew than waited for. */
export const isOverdue = ({ streaming, lostAtMs }: Contact, nowMs: number): boolean =>
  !streaming && lostAtMs !== null && nowMs - lostAtMs > REOPEN_AFTER_MS;

/** Whether data on the screen may be called current. */
export const isCurrent = (connection: Connection): boolean => connection === 'live' || connection === 'stalled';
