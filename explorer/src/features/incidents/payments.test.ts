import { expect, test } from 'vitest';
import { paymentsByParty } from './payments.ts';

const party = (name: string) => ({ address: name.repeat(40), name, role: null });

test('adds up what each party gets, in the order of the escrow', () => {
  const payments = paymentsByParty([
    { to: party('a'), amount: 800, reason: 'proposal_passed' },
    { to: party('b'), amount: 300, reason: 'supported_passed' },
    { to: party('a'), amount: 1_000, reason: 'bounty' },
  ]);
  expect(payments.map(({ to, total }) => [to.name, total])).toEqual([
    ['a', 1_800],
    ['b', 300],
  ]);
  expect(payments[0]?.parts).toEqual([
    { amount: 800, reason: 'proposal_passed' },
    { amount: 1_000, reason: 'bounty' },
  ]);
});
