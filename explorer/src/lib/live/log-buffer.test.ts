import { describe, expect, test } from 'vitest';
import { compareIds, EMPTY_LOG, filterLines, type LogBuffer, mergeLines } from './log-buffer.ts';
import { AGENT, lineOf, partyOf } from './log-line.fixture.ts';

const MANY = 100;
const idsOf = ({ lines }: LogBuffer): readonly string[] => lines.map(({ id }) => id);
const merged = (buffer: LogBuffer, ids: readonly string[], most = MANY): LogBuffer =>
  mergeLines(
    buffer,
    ids.map((id) => lineOf(id)),
    most,
  );

describe('the log', () => {
  test('is in the order of the chain, whatever order the lines arrive in', () => {
    const page = merged(EMPTY_LOG, ['10.0.1', '10.0.0', '9.2.4000', '9.2.11']);
    expect(idsOf(page)).toEqual(['9.2.11', '9.2.4000', '10.0.0', '10.0.1']);
    expect(idsOf(merged(page, ['9.10.0']))).toEqual(['9.2.11', '9.2.4000', '9.10.0', '10.0.0', '10.0.1']);
  });

  test('takes every line once, as after a reconnection', () => {
    const buffer = merged(EMPTY_LOG, ['1.0.0', '1.0.1', '1.0.0']);
    expect(idsOf(buffer)).toEqual(['1.0.0', '1.0.1']);
    expect(merged(buffer, ['1.0.1'])).toBe(buffer);
  });

  test('lets the oldest lines go beyond its bound, and counts them', () => {
    const buffer = merged(merged(EMPTY_LOG, ['1.0.0', '2.0.0'], 2), ['3.0.0'], 2);
    expect(idsOf(buffer)).toEqual(['2.0.0', '3.0.0']);
    expect(buffer.dropped).toBe(1);
  });
});

test('ids compare number by number', () => {
  expect(compareIds('9.0.0', '10.0.0')).toBeLessThan(0);
  expect(compareIds('10.0', '10.0.1')).not.toBe(0);
  expect(compareIds('7.1.2', '7.1.2')).toBe(0);
});

describe('filters', () => {
  const lines = [
    lineOf('1.0.0', { kind: 'thought', agent: partyOf(AGENT) }),
    lineOf('1.0.1', { kind: 'event', agent: partyOf(AGENT) }),
    lineOf('1.1.0', { kind: 'event' }),
  ];
  const ids = (filter: Parameters<typeof filterLines>[1]) => filterLines(lines, filter).map(({ id }) => id);

  test('show everything while none is set', () => {
    expect(filterLines(lines, { agents: [], kinds: [] })).toBe(lines);
  });

  test('of kind and agent both apply', () => {
    expect(ids({ agents: [], kinds: ['event'] })).toEqual(['1.0.1', '1.1.0']);
    expect(ids({ agents: [AGENT], kinds: [] })).toEqual(['1.0.0', '1.0.1']);
    expect(ids({ agents: [AGENT], kinds: ['event'] })).toEqual(['1.0.1']);
  });
});
