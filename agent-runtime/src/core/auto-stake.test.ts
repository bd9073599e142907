import { expect, test } from 'vitest';
import { proposalStake, stakeTarget, stakeToAdd, voteStake } from './auto-stake.ts';

test.each([
  { reputation: 100, balance: 20_000, target: 200 },
  { reputation: 80, balance: 20_000, target: 200 },
  { reputation: 80, balance: 1_999, target: 99 },
  { reputation: 79, balance: 20_000, target: 100 },
  { reputation: 60, balance: 20_000, target: 100 },
  { reputation: 60, balance: 4_000, target: 80 },
  { reputation: 59, balance: 20_000, target: 0 },
  { reputation: 0, balance: 20_000, target: 0 },
])('reputation $reputation with $balance aims at $target', ({ reputation, balance, target }) => {
  expect(stakeTarget({ reputation, balance })).toBe(target);
});

test.each([
  { what: 'up to the tier', stake: 0, locked: 0, balance: 20_000, reputation: 80, required: 20, add: 200 },
  { what: 'only what is missing', stake: 150, locked: 0, balance: 20_000, reputation: 80, required: 20, add: 50 },
  { what: 'nothing when it is there', stake: 400, locked: 0, balance: 20_000, reputation: 80, required: 100, add: 0 },
  {
    what: 'what is locked does not count',
    stake: 400,
    locked: 300,
    balance: 20_000,
    reputation: 80,
    required: 20,
    add: 100,
  },
  {
    what: 'a low tier stakes the least that the contract asks',
    stake: 0,
    locked: 0,
    balance: 20_000,
    reputation: 50,
    required: 20,
    add: 20,
  },
  { what: 'gas is kept back', stake: 0, locked: 0, balance: 2_050, reputation: 80, required: 20, add: 50 },
  { what: 'nothing without means', stake: 0, locked: 0, balance: 900, reputation: 80, required: 20, add: 0 },
])('stakes $what', ({ add, required, ...account }) => {
  expect(stakeToAdd(account, required)).toBe(add);
});

const account = { stake: 200, locked: 0, balance: 1_000, reputation: 80 };

test.each([
  [0, 20],
  [299, 20],
  [300, 40],
  [675, 60],
  [1_000, 80],
])('a vote of confidence %i stakes %i', (confidence, stake) => {
  expect(voteStake(account, 20, confidence)).toBe(stake);
});

test('a vote stakes the minimum even when less is free: the chain then says what is missing', () => {
  expect(voteStake({ ...account, locked: 190 }, 20, 1_000)).toBe(20);
});

test.each([
  [0, 100],
  [500, 125],
  [1_000, 150],
])('a claim of probability %i stakes %i of 200', (probability, stake) => {
  expect(proposalStake(account, 100, probability)).toBe(stake);
});
