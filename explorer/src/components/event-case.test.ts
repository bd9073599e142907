import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogues, placeholdersOf } from '../lib/i18n/translate.ts';
import { EVENT_CASES, sentenceKey } from './event-case.ts';

const messages: Readonly<Record<string, string>> = catalogues['en-US'];

/** The contracts' own list: the explorer does not import the machine, so it is read as text. */
const CONTRACT_EVENTS = readFileSync(join(import.meta.dirname, '../../../node/src/vm/contracts/events.ts'), 'utf8');
const names = [...CONTRACT_EVENTS.matchAll(/^ {2}readonly ([A-Z]\w+):/gm)].map((match) => match[1] ?? '');

test('the list of the contracts is read', () => {
  expect(names).toContain('ChallengeDecided');
  expect(names.length).toBeGreaterThan(40);
});

test.each(names)('%s has a name and a sentence', (name) => {
  expect(messages).toHaveProperty([`event.${name}`]);
  const sentences = Object.keys(messages).filter((key) => key === `say.${name}` || key.startsWith(`say.${name}.`));
  expect(sentences.length).toBeGreaterThan(name in EVENT_CASES ? 1 : 0);
  expect(messages).toHaveProperty([sentenceKey(name, {})]);
});

test('no sentence is of an event that no contract emits', () => {
  const known = new Set([...names, 'TransactionFailed']); // the log makes that one of failed receipts
  const told = Object.keys(messages).flatMap((key) => (key.startsWith('say.') ? [key.split('.')[1] ?? ''] : []));
  expect(told.filter((name) => !known.has(name))).toEqual([]);
});

test('every placeholder of a sentence is a field that the contracts or the log write', () => {
  const fields = new Set([...CONTRACT_EVENTS.matchAll(/readonly ([a-z]\w*):/g)].map((match) => match[1] ?? ''));
  const ofCalls = ['metric', 'node', 'title', 'priority', 'summary', 'rootCause', 'faultKind', 'probability', 'type'];
  const used = Object.entries(messages).flatMap(([key, text]) => (key.startsWith('say.') ? placeholdersOf(text) : []));
  expect(used.filter((field) => !fields.has(field) && !ofCalls.includes(field))).toEqual([]);
});

describe('the case of an event', () => {
  test.each([
    ['ChallengeDecided', { result: 'upheld' }, 'say.ChallengeDecided.upheld'],
    ['ChallengeDecided', { result: 'something new' }, 'say.ChallengeDecided.undecided'],
    ['WorkPaid', { step: '' }, 'say.WorkPaid.other'],
    ['WorkPaid', { step: 'triage' }, 'say.WorkPaid.step'],
    ['StakeForfeited', { reason: 'challenge' }, 'say.StakeForfeited.challenge'],
    ['ClaimOverturned', { next: 'Inconclusive' }, 'say.ClaimOverturned.ended'],
    ['Staked', {}, 'say.Staked'],
    ['toString', {}, 'say.toString'],
  ])('%s %j is told by %s', (name, data, key) => {
    expect(sentenceKey(name, data)).toBe(key);
  });
});
