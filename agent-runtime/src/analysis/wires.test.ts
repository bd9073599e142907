import { expect, test } from 'vitest';
import { lostOnWires, settleWires, type Wire } from './wires.ts';

const wire = (caller: string, callee: string, lost: number): Wire => ({ caller, callee, lost });
const nothing = (): number => 0;

test('one slow link says nothing of its ends', () => {
  expect(settleWires([wire('a', 'b', 100)], nothing)).toEqual([{ ...wire('a', 'b', 100), calleeShare: 0.5 }]);
});

test('a callee that all its callers wait for has the larger part', () => {
  const lost = lostOnWires(settleWires([wire('a', 'db', 100), wire('b', 'db', 100), wire('c', 'db', 100)], nothing));
  expect(lost.get('db')).toBeGreaterThan(250);
});

test('a caller that waits for all its callees has the larger part', () => {
  const lost = lostOnWires(settleWires([wire('web', 'a', 100), wire('web', 'b', 100), wire('web', 'c', 100)], nothing));
  expect(lost.get('web')).toBeGreaterThan(250);
});

test('who is slow itself is slow to answer as well', () => {
  const [settled] = settleWires([wire('a', 'b', 100)], (node) => (node === 'b' ? 300 : 0));
  expect(settled?.calleeShare).toBeGreaterThan(0.9);
});

test('nothing is lost or added on the way', () => {
  const wires = [wire('a', 'b', 70), wire('b', 'c', 30), wire('a', 'c', 11)];
  const total = [...lostOnWires(settleWires(wires, nothing)).values()].reduce((sum, lost) => sum + lost, 0);
  expect(total).toBeCloseTo(111, 6);
});
