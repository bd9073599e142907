import { describe, expect, test } from 'vitest';
import { verifyStateProof } from '../../protocol/merkle/state.ts';
import { stateKeys } from '../../protocol/records.ts';
import { developmentGenesis, TestChain, testAgent } from '../../testing/chain-kit.ts';
import { InvariantError } from '../errors.ts';
import { genesisState } from '../genesis.ts';
import { assertConserved } from './conservation.ts';
import { StateDraft } from './draft.ts';
import { State, stateOf } from './state.ts';

const base = genesisState(developmentGenesis());
const { address } = testAgent('fault_mapper').wallet;
const account = base.get('account', address);
if (!account) throw new Error('no account');

describe('StateDraft', () => {
  test('reads through to the base, and its own writes first', () => {
    const draft = new StateDraft(base);
    expect(draft.get('account', address)).toEqual(account);
    draft.set('account', { ...account, balance: 1 }, address);
    expect(draft.get('account', address)?.balance).toBe(1);
    draft.delete('account', address);
    expect(draft.get('account', address)).toBeUndefined();
    expect(base.get('account', address)).toEqual(account);
  });

  test('a rollback drops what came after its checkpoint, inner commits included', () => {
    const draft = new StateDraft(base);
    draft.set('account', { ...account, nonce: 1 }, address);
    draft.checkpoint();
    draft.set('account', { ...account, nonce: 2 }, address);
    draft.checkpoint();
    draft.set('account', { ...account, nonce: 3 }, address);
    draft.commit();
    expect(draft.get('account', address)?.nonce).toBe(3);
    draft.rollback();
    expect(draft.get('account', address)?.nonce).toBe(1);
  });

  test('changes are the texts that differ, in key order, deletions as null', () => {
    const draft = new StateDraft(base);
    const sequence = draft.must('sequence');
    draft.set('sequence', { ...sequence, incidents: 1 });
    draft.delete('account', address);
    draft.set('treasury', { ...draft.must('treasury') });
    expect([...draft.changes()]).toEqual([
      [`account/${address}`, null],
      ['sequence', '{"incidents":1,"open":[],"untriaged":[]}'],
    ]);
  });

  test('changes that undo each other leave the state as it was', () => {
    const draft = new StateDraft(base);
    draft.set('account', { ...account, balance: 1 }, address);
    draft.set('account', account, address);
    expect(draft.changes().size).toBe(0);
    expect(base.with(draft.changes())).toBe(base);
  });

  test('records are frozen as soon as they are written', () => {
    const draft = new StateDraft(base);
    draft.set('account', { ...account }, address);
    expect(Object.isFrozen(draft.get('account', address))).toBe(true);
  });

  test('the token delta sees tokens that were made', () => {
    const draft = new StateDraft(base);
    const treasury = draft.must('treasury');
    draft.set('account', { ...account, balance: account.balance + 5 }, address);
    expect(draft.tokenDelta()).toBe(5);
    draft.set('treasury', { ...treasury, balance: treasury.balance - 5 });
    expect(draft.tokenDelta()).toBe(0);
    draft.set('treasury', { ...treasury, minted: 5 });
    expect(draft.tokenDelta()).toBe(0);
  });

  test.each([
    ['a negative balance', { balance: -1 }],
    ['more locked than staked', { locked: account.stake + 1 }],
    ['a reputation above the scale', { reputation: 101 }],
    ['a fraction', { stake: 0.5 }],
  ])('the token delta refuses %s', (_, change) => {
    const draft = new StateDraft(base);
    draft.set('account', { ...account, ...change }, address);
    expect(() => draft.tokenDelta()).toThrow(InvariantError);
  });

  test('checkpoints must be closed, and only once', () => {
    const draft = new StateDraft(base);
    expect(() => draft.rollback()).toThrow(InvariantError);
    draft.checkpoint();
    expect(() => draft.changes()).toThrow(InvariantError);
    draft.commit();
    expect(draft.changes().size).toBe(0);
  });

  test('a record that must be there and is not is a fault of the machine', () => {
    expect(() => new StateDraft(State.empty).must('params')).toThrow(InvariantError);
  });
});

describe('State', () => {
  test('is the same from its own entries in any order', () => {
    const chain = new TestChain();
    chain.call('fault_mapper', 'stake', { amount: 10 });
    const entries = chain.state.entries('');
    expect(stateOf([...entries].reverse()).root()).toBe(chain.state.root());
  });

  test('lists a prefix in key order', () => {
    const keys = base.entries('account/').map(([key]) => key);
    expect(keys).toHaveLength(7);
    expect(keys).toEqual([...keys].sort());
    expect(base.entries('nothing/')).toEqual([]);
  });

  test('proves a record that a reader without the state can verify', () => {
    const proof = base.prove(stateKeys.account(address));
    expect(JSON.parse(proof.value ?? '')).toEqual(account);
    expect(verifyStateProof(proof, base.root())).toBe(true);
    expect(verifyStateProof(base.prove(stateKeys.account('00'.repeat(20))), base.root())).toBe(true);
  });

  test('a state with tokens too many is not conserved', () => {
    assertConserved(base);
    const treasury = base.get('treasury');
    const forged = base.with([['treasury', JSON.stringify({ ...treasury, balance: 1 })]]);
    expect(() => assertConserved(forged)).toThrow(InvariantError);
  });
});
