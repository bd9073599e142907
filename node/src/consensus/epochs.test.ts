import { describe, expect, it } from 'vitest';
import { type Hash, ZERO_HASH } from '../protocol/types.ts';
import {
  blockOn,
  certificateOf,
  core,
  EPOCH,
  hashOf,
  heard,
  notarized,
  ofType,
  proposed,
  SET,
  sealOf,
  subjectOf,
  vote,
} from '../testing/core-kit.ts';
import { restore, step } from './simplex.ts';
import type { Input } from './types.ts';

const [one, two]: readonly [Hash, Hash] = ['11'.repeat(32), '22'.repeat(32)];

const first = blockOn(null, 1);
const last = blockOn(first, 2);
const tail = blockOn(last, 3);

describe('the end of an epoch', () => {
  it('comes with the finalization of its last block; nothing is done after it', () => {
    const state = core();
    notarized(state, [first, last]);
    const effects = step(state, heard(certificateOf('finalize', 2, hashOf(last))), 0);
    expect(ofType(effects, 'finalize')).toMatchObject([{ blocks: [first, last], tails: [] }]);
    expect(ofType(effects, 'wake')).toEqual([]);
    expect(state.anchor).toEqual({ hash: hashOf(last), height: 2, view: 2 });
    for (const input of [
      { type: 'tick' },
      vote(1, 'nullify', 3, ZERO_HASH),
      { type: 'work', pending: true, heartbeatMs: 1 },
    ]) {
      expect(step(state, input as Input, 10_000)).toEqual([]);
    }
  });

  it('comes with the finalization of a tail, which is no block of the chain', () => {
    const state = core();
    notarized(state, [first, last, tail]);
    const effects = step(state, heard(certificateOf('finalize', 3, hashOf(tail))), 0);
    expect(ofType(effects, 'finalize')).toMatchObject([{ blocks: [first, last], tails: [tail.header] }]);
    expect(state.anchor).toEqual({ hash: hashOf(last), height: 2, view: 2 });
  });

  it('is not hurried: a tail is wanted only while the last block does not become final by itself', () => {
    const state = core();
    step(state, { type: 'start' }, 0);
    step(state, { type: 'work', pending: true, heartbeatMs: 1_000 }, 0);
    notarized(state, [first, last]);
    // The view's leader, (3 + 3 - 1) mod 4, is another one: this validator gives up on it only after both timeouts.
    const nullified = (atMs: number) => ofType(step(state, { type: 'tick' }, atMs), 'broadcast').length > 0;
    expect(nullified(150)).toBe(false);
    expect(nullified(201)).toBe(true);
  });

  it.each([
    ['a block above it that is no tail', [first, last], blockOn(last, 3, { validatorSetHash: SET })],
    ['a tail below it', [first], blockOn(first, 2, { validatorSetHash: ZERO_HASH })],
  ])('refuses %s', (_, before, wrong) => {
    const state = core();
    step(state, { type: 'start' }, 0);
    notarized(state, before);
    const { view } = wrong.header;
    const leader = state.rounds.get(view)?.leader ?? 0;
    const proposer = state.config.validators.validators[leader]?.key ?? '';
    const block = { ...wrong, header: { ...wrong.header, proposer } };
    const effects = step(state, proposed(leader, block), 0);
    expect(ofType(effects, 'validate')).toEqual([]);
    expect(ofType(effects, 'broadcast').map(({ message }) => message)).toMatchObject([
      { type: 'vote', vote: { kind: 'nullify', view } },
    ]);
  });
});

describe('another epoch', () => {
  it('leaves nothing in a core: neither records, nor bodies, nor a block that was being built', () => {
    const state = core();
    const epoch = EPOCH - 1;
    const old = blockOn(null, 1, { epoch });
    const subject = { ...subjectOf('notarize', 1, hashOf(old)), epoch };
    restore(state, [
      { type: 'block', block: old },
      { type: 'vote', vote: { ...subject, validator: 0, signature: sealOf(0, subject) } },
      { type: 'certificate', certificate: { ...certificateOf('notarize', 1, hashOf(old)), epoch } },
    ]);
    expect([state.view, state.blocks.size, state.rounds.size]).toEqual([1, 0, 0]);
    step(state, { type: 'start' }, 0);
    step(state, { type: 'block', block: old }, 0);
    expect(state.blocks.size).toBe(0);
    expect(ofType(step(state, { type: 'built', view: 1, block: old }, 0), 'broadcast')).toEqual([]);
  });
});

describe('equivocation', () => {
  const accusations = (...inputs: readonly Input[]) => {
    const state = core();
    return inputs.flatMap((input) => ofType(step(state, input, 0), 'accuse'));
  };

  it.each([
    ['two notarize votes', vote(1, 'notarize', 1, one), vote(1, 'notarize', 1, two)],
    ['two finalize votes', vote(1, 'finalize', 1, one), vote(1, 'finalize', 1, two)],
    ['nullify and finalize', vote(1, 'nullify', 1, ZERO_HASH), vote(1, 'finalize', 1, one)],
    ['finalize and nullify', vote(1, 'finalize', 1, one), vote(1, 'nullify', 1, ZERO_HASH)],
    ['a vote and a certificate', vote(1, 'notarize', 1, one), heard(certificateOf('notarize', 1, two))],
    ['a certificate and a vote', heard(certificateOf('notarize', 1, two)), vote(1, 'notarize', 1, one)],
  ])('%s of one validator in one view is reported with both', (_, before, after) => {
    const found = accusations(before, after);
    expect(found).toHaveLength(1);
    expect(found[0]?.first).toMatchObject({ validator: 1, epoch: EPOCH, view: 1 });
    expect(found[0]?.second).toMatchObject({ validator: 1, epoch: EPOCH, view: 1 });
  });

  it.each(['before', 'after'])(
    'of a leader that votes for another block %s its proposal is reported with both',
    (when) => {
      const state = core();
      step(state, { type: 'start' }, 0);
      const leader = state.rounds.get(1)?.leader ?? 0;
      const proposer = state.config.validators.validators[leader]?.key ?? '';
      const block = blockOn(null, 1, { proposer });
      const lie = vote(leader, 'notarize', 1, two);
      const proposal = proposed(leader, block);
      const heardOf = when === 'before' ? [lie, proposal] : [proposal, lie];
      const found = heardOf.flatMap((input) => ofType(step(state, input, 0), 'accuse'));
      expect(found.map(({ first, second }) => [first.block, second.block].sort())).toEqual([
        [hashOf(block), two].sort(),
      ]);
    },
  );

  it('is reported once a view, however many votes follow', () => {
    const more = Array.from({ length: 20 }, (_, index) => vote(1, 'notarize', 1, `${index}`.padStart(64, 'b')));
    expect(accusations(vote(1, 'notarize', 1, one), ...more)).toHaveLength(1);
  });

  it.each([
    ['a forged second vote', vote(1, 'notarize', 1, one), { kind: 'notarize', block: two } as const],
    ['notarize and nullify', vote(1, 'notarize', 1, one), { kind: 'nullify', block: ZERO_HASH } as const],
  ])('is not seen in %s', (what, before, { kind, block }) => {
    const after = vote(1, kind, 1, block);
    if (after.type !== 'message' || after.message.type !== 'vote') throw new Error('no vote');
    const forged = {
      ...after.message.vote,
      signature: what.startsWith('a forged') ? 'x' : after.message.vote.signature,
    };
    expect(accusations(before, { ...after, message: { type: 'vote', vote: forged } })).toEqual([]);
  });
});
