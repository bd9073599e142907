import { describe, expect, test } from 'vitest';
import { type ConsensusState, createConsensus, type Effect, step } from '../../consensus/index.ts';
import { VIEWS_AHEAD_MAX } from '../../consensus/rounds.ts';
import { headerHash } from '../../protocol/hashing.ts';
import { type Block, type Certificate, type Hash, VOTE_KINDS, type Vote, ZERO_HASH } from '../../protocol/types.ts';
import type { ConsensusMessage } from '../../protocol/wire.ts';
import type { Random } from '../random.ts';
import { sealOf } from '../simulation/seals.ts';
import { fuzz } from './runs.ts';

const RUNS = 40;
const MESSAGES = 1_500;
const VALIDATORS = 7;
/** These two help the attacker: what they sign is genuine, in any number and contradiction. */
const TRAITORS: readonly number[] = [5, 6];
const GENESIS: Hash = 'ee'.repeat(32);
const SET: Hash = '5e'.repeat(32);
const SELF = 0;
const keyOf = (index: number): string => index.toString(16).padStart(64, '0');

function newCore(): ConsensusState {
  const validators = Array.from({ length: VALIDATORS }, (_, index) => ({ key: keyOf(index), power: 100 }));
  return createConsensus(
    {
      ...{ epoch: 0, validators: { epoch: 0, validators }, self: SELF, lastHeight: Number.MAX_SAFE_INTEGER },
      ...{ leaderTimeoutMs: 200, advanceTimeoutMs: 400, resendMs: 300 },
      verify: (subject, validator, signature) => signature === sealOf(validator, subject),
      sign: (subject) => sealOf(SELF, subject),
    },
    { hash: GENESIS, height: 0, view: 0 },
  );
}

const pick = <T>(random: Random, values: readonly T[]): T => values[random.below(values.length)] as T; // never empty
const hashAt = (random: Random): Hash =>
  random
    .below(2 ** 31)
    .toString(16)
    .padStart(64, '0');

function blockAt(view: number, proposer: number, parentHash: Hash, height: number, stateRoot = ZERO_HASH): Block {
  const roots = { transactionsRoot: ZERO_HASH, receiptsRoot: ZERO_HASH, evidenceRoot: ZERO_HASH, stateRoot };
  const place = { height, view, epoch: 0, parentHash, timestampMs: view, proposer: keyOf(proposer) };
  return { header: { ...place, ...roots, validatorSetHash: SET }, transactions: [] };
}

/** A message such as an attacker makes up: any view, block and signer; signed only where a traitor would. */
function madeUp(random: Random, around: number): ConsensusMessage {
  const views = [around, around + 1, around + random.below(80), random.below(10), 2 ** 53 - 1, around + 1_000_000];
  const kind = pick(random, VOTE_KINDS);
  const block = kind === 'nullify' && random.chance(0.9) ? ZERO_HASH : hashAt(random);
  const subject = { kind, epoch: random.chance(0.95) ? 0 : random.below(9), view: pick(random, views), block };
  const validator = random.chance(0.6) ? pick(random, TRAITORS) : random.below(70_000);
  const signature = TRAITORS.includes(validator) && random.chance(0.9) ? sealOf(validator, subject) : 'ab'.repeat(64);
  const vote: Vote = { ...subject, validator, signature };
  if (random.chance(0.6)) return { type: 'vote', vote };
  if (random.chance(0.5)) {
    const proposed = blockAt(
      subject.view,
      validator,
      pick(random, [GENESIS, hashAt(random)]),
      1 + random.below(3),
      block,
    );
    const own = { ...subject, kind: 'notarize' as const, block: headerHash(proposed.header) };
    const sealed = TRAITORS.includes(validator) ? sealOf(validator, own) : 'cd'.repeat(64);
    return { type: 'proposal', block: proposed, vote: { ...own, validator, signature: sealed } };
  }
  const signers = Array.from({ length: random.below(9) }, () => random.below(8));
  const signatures = signers.map((signer) => (TRAITORS.includes(signer) ? sealOf(signer, subject) : 'ab'.repeat(64)));
  const certificate: Certificate = { ...subject, signers, signatures: signatures.slice(0, random.below(10)) };
  return { type: 'certificate', certificate };
}

/** Everything that the core keeps because of messages. */
function heldBy({ rounds, blocks, asked }: ConsensusState): number {
  let held = rounds.size + blocks.size + asked.size;
  for (const { notarizes, finalizes, nullifies } of rounds.values()) {
    held += nullifies.size;
    for (const tally of [...notarizes.values(), ...finalizes.values()]) held += 1 + tally.size;
  }
  return held;
}

/** Rounds that may be open, times what each validator may have in each: a few blocks of two kinds, and a nullify. */
const HELD_MAX = (VIEWS_AHEAD_MAX + 8) * (2 + VALIDATORS * (2 * 2 * 4 + 1)) + 1_024;

/** The honest ones make one block final in the core's current view, or in the next that one of them leads. */
function finalizeHonestly(state: ConsensusState, nowMs: number): readonly Effect[] {
  const say = (message: ConsensusMessage, from: number): readonly Effect[] =>
    step(state, { type: 'message', from, message }, nowMs);
  const signed = (kind: Vote['kind'], block: Hash, validator: number): ConsensusMessage => {
    const subject = { kind, epoch: 0, view: state.view, block };
    return { type: 'vote', vote: { ...subject, validator, signature: sealOf(validator, subject) } };
  };
  const isHonest = (leader: number | undefined): boolean => leader !== undefined && leader !== SELF && leader < 5;
  for (let turn = 0; turn < VALIDATORS && !isHonest(state.rounds.get(state.view)?.leader); turn += 1) {
    const view = state.view;
    const subject = { kind: 'nullify', epoch: 0, view, block: ZERO_HASH } as const;
    const signers = [0, 1, 2, 3, 4];
    const certificate = { ...subject, signers, signatures: signers.map((signer) => sealOf(signer, subject)) };
    say({ type: 'certificate', certificate }, 1);
  }
  const { view } = state;
  const leader = state.rounds.get(view)?.leader ?? 0;
  const block = blockAt(view, leader, state.anchor.hash, state.anchor.height + 1);
  const hash = headerHash(block.header);
  const effects: Effect[] = [];
  const vote = { kind: 'notarize', epoch: 0, view, block: hash, validator: leader } as const;
  effects.push(...say({ type: 'proposal', block, vote: { ...vote, signature: sealOf(leader, vote) } }, leader));
  effects.push(...step(state, { type: 'validated', hash, valid: true }, nowMs));
  const finalize = [1, 2, 3, 4, 5].map((validator) => ({ validator, message: signed('finalize', hash, validator) }));
  for (const validator of [1, 2, 3, 4]) effects.push(...say(signed('notarize', hash, validator), validator));
  for (const { validator, message } of finalize) effects.push(...say(message, validator));
  return effects;
}

describe('the consensus core under fire', () => {
  test('bears every made-up message, keeps little of it, and still makes blocks final', () => {
    fuzz('consensus core', RUNS, (random) => {
      const state = newCore();
      step(state, { type: 'start' }, 0);
      let nowMs = 0;
      for (let index = 0; index < MESSAGES; index += 1) {
        nowMs += random.below(3);
        step(state, { type: 'message', from: random.below(9), message: madeUp(random, state.view) }, nowMs);
      }
      expect(state.view).toBe(1);
      expect(heldBy(state)).toBeLessThan(HELD_MAX);
      const effects = finalizeHonestly(state, nowMs);
      expect(effects.map(({ type }) => type)).toContain('finalize');
      expect(state.anchor.height).toBe(1);
    });
  });
});
