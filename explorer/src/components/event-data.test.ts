import { expect, test } from 'vitest';
import { changesIn, shapeOf } from './event-data.ts';

const HASH = 'ab'.repeat(32);

test.each([
  ['proposalId', HASH, 'hash'],
  ['transaction', HASH, 'transaction'],
  ['voter', 'ab'.repeat(20), 'address'],
  ['weightFor', 17_000, 'weight'],
  ['supportThousandths', 802, 'percent'],
  ['probability', 871, 'percent'],
  ['commitEndsAtMs', 1_800_000_000_000, 'time'],
  ['tookMs', 4_000, 'duration'],
  ['amount', 300, 'amount'],
  ['reason', 'proposal_passed', 'code'],
  ['by', 'ab'.repeat(20), 'address'],
  ['by', 'outcome', 'code'],
  ['incidentId', 'INC-0001', 'incident'],
  ['incidentId', '', 'text'],
  ['reason', { en: 'a', zh: 'b' }, 'json'],
  ['step', '', 'text'],
  ['summary', 'all is well', 'text'],
  ['passed', true, 'answer'],
  ['scope', ['a', 'b'], 'json'],
  ['nothing', null, 'json'],
])('%s: %j is shown as %s', (field, value, shape) => {
  expect(shapeOf(field, value)).toBe(shape);
});

test('changes of parameters are told from other lists', () => {
  expect(changesIn([{ name: 'alpha', value: 600, from: 500 }])).toEqual([{ name: 'alpha', to: 600, from: 500 }]);
  expect(changesIn([{ name: 'votingMode', value: 'open' }])).toEqual([{ name: 'votingMode', to: 'open' }]);
  expect(changesIn([{ node: 'stock-db', probability: 700 }])).toBeNull();
  expect(changesIn('alpha')).toBeNull();
});
