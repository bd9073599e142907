import { describe, expect, test } from 'vitest';
import { DOWN_AFTER_MS, REOPEN_AFTER_MS, STALLED_AFTER_MS } from '../constants.ts';
import {
  type Contact,
  type ContactEvent,
  connectionOf,
  contactAfter,
  isCurrent,
  isOverdue,
  noContact,
} from './connection.ts';

const START_MS = 1_000_000;

/** Contact after these events, each at its time after the start. */
const after = (...events: readonly (readonly [ContactEvent, number])[]): Contact =>
  events.reduce((contact, [event, atMs]) => contactAfter(contact, event, START_MS + atMs), noContact(START_MS));

const state = (contact: Contact, atMs: number) => connectionOf(contact, START_MS + atMs);

describe('connection', () => {
  test('is under way at first, and down when nothing ever answers', () => {
    expect(state(after(), 100)).toBe('connecting');
    expect(state(after(), DOWN_AFTER_MS + 1)).toBe('down');
  });

  test('is live while the stream is open and blocks come', () => {
    expect(state(after(['opened', 10]), 5_000)).toBe('live');
    expect(state(after(['opened', 10], ['block', STALLED_AFTER_MS]), STALLED_AFTER_MS + 5_000)).toBe('live');
  });

  test('is stalled when the node answers and no block comes', () => {
    const contact = after(['opened', 0], ['answered', STALLED_AFTER_MS]);
    expect(state(contact, STALLED_AFTER_MS + 1)).toBe('stalled');
  });

  test('reconnects, then is down, counted from the first loss', () => {
    const contact = after(['opened', 0], ['lost', 1_000], ['lost', 6_000]);
    expect(state(contact, 2_000)).toBe('reconnecting');
    expect(state(contact, 1_000 + DOWN_AFTER_MS + 1)).toBe('down');
  });

  test('is live again after the stream has opened again', () => {
    expect(state(after(['opened', 0], ['lost', 1_000], ['opened', 30_000]), 30_001)).toBe('live');
  });

  test('only live and stalled data may be called current', () => {
    expect((['connecting', 'live', 'stalled', 'reconnecting', 'down'] as const).filter(isCurrent)).toEqual([
      'live',
      'stalled',
    ]);
  });

  test('a stream that stays away is overdue, an open one never', () => {
    const lost = after(['opened', 0], ['lost', 1_000]);
    expect(isOverdue(lost, START_MS + 1_000 + REOPEN_AFTER_MS)).toBe(false);
    expect(isOverdue(lost, START_MS + 1_001 + REOPEN_AFTER_MS)).toBe(true);
    expect(isOverdue(after(['opened', 0]), START_MS + 60_000)).toBe(false);
  });
});
