import { describe, expect, it } from 'vitest';
import type { Block } from '../protocol/types.ts';
import { ZERO_HASH } from '../protocol/types.ts';
import {
  blockOn,
  certificateOf,
  core,
  hashOf,
  heard,
  notarized,
  ofType,
  proposed,
  SET,
  vote,
} from '../testing/core-kit.ts';
import { roundOf } from './rounds.ts';
import { step } from './simplex.ts';
import type { ConsensusState, Effect, Input } from './types.ts';

/** Of the kit's cores, in milliseconds. */
const LEADER_TIMEOUT_MS = 100;
const STRETCHED_MOST = 4;
const LONG_EPOCH = 1_000;

/** A core that always has something to put into a block, and its clock. */
function busy() {
  const state = core(LONG_EPOCH);
  let nowMs = 0;
  let wakeMs = Number.NaN;
  const say = (input: Input): readonly Effect[] => {
    const effects = step(state, input, nowMs);
    for (const { atMs } of ofType(effects, 'wake')) wakeMs = atMs;
    return effects;
  };
  say({ type: 'start' });
  say({ type: 'work', pending: true, heartbeatMs: 1_000 });
  const leader = (): number => roundOf(state, state.view).leader;
  return {
    state,
    say,
    leader,
    pass: (ms: number): void => {
      nowMs += ms;
    },
    /** How long this core would wait for the leader of the view that it has just entered. */
    timeoutMs: (): number => wakeMs - nowMs,
    /** Lets the view end without a block. */
    skip: (): void => {
      say(heard(certificateOf('nullify', state.view, ZERO_HASH)));
      // The own turn has no other leader to wait for.
      if (leader() === 0) say(heard(certificateOf('nullify', state.view, ZERO_HASH)));
    },
  };
}

function proposalOf(state: ConsensusState, leader: number): Input {
  const proposer = state.config.validators.validators[leader]?.key ?? '';
  return proposed(leader, blockOn(null, state.view, { proposer, validatorSetHash: SET }));
}

describe('the time that a leader gets', () => {
  const afterLeaders = (count: number, delayMs: number, scene = busy()) => {
    for (let view = 0; view < count; view += 1) {
      scene.pass(delayMs);
      scene.say(proposalOf(scene.state, scene.leader()));
      scene.skip();
    }
    return scene;
  };

  it('is the configured one while leaders are quick', () => {
    expect(afterLeaders(30, 20).timeoutMs()).toBe(LEADER_TIMEOUT_MS);
  });

  it('grows where they take nearly all of it, before any is given up', () => {
    const scene = afterLeaders(3, 0.9 * LEADER_TIMEOUT_MS);
    expect(scene.timeoutMs()).toBeGreaterThan(LEADER_TIMEOUT_MS);
    scene.pass(0.9 * LEADER_TIMEOUT_MS);
    expect(ofType(scene.say({ type: 'tick' }), 'broadcast')).toEqual([]);
  });

  it('is bounded however late they come, and shrinks again with quick ones', () => {
    const late = afterLeaders(30, 10_000);
    expect(late.timeoutMs()).toBe(STRETCHED_MOST * LEADER_TIMEOUT_MS);
    expect(afterLeaders(60, 10, late).timeoutMs()).toBe(LEADER_TIMEOUT_MS);
  });

  it('does not grow for leaders that are dead', () => {
    const scene = busy();
    for (let view = 0; view < 30; view += 1) {
      scene.pass(LEADER_TIMEOUT_MS);
      scene.say({ type: 'tick' });
      scene.skip();
    }
    // Who has signed since is waited for again.
    for (const activity of scene.state.activity) activity.signedView = scene.state.view;
    scene.say({ type: 'tick' });
    expect(scene.timeoutMs()).toBe(LEADER_TIMEOUT_MS);
  });

  it.each([
    ['its proposal', (state: ConsensusState, leader: number) => proposalOf(state, leader)],
    ['its own vote to give up', ({ view }: ConsensusState, leader: number) => vote(leader, 'nullify', view, ZERO_HASH)],
  ])('grows by what comes of a leader that was given up: %s', (_, word) => {
    const scene = busy();
    for (let view = 0; view < 6; view += 1) {
      scene.pass(1.2 * LEADER_TIMEOUT_MS);
      scene.say({ type: 'tick' });
      scene.say(word(scene.state, scene.leader()));
      scene.skip();
    }
    expect(scene.timeoutMs()).toBeGreaterThan(1.2 * LEADER_TIMEOUT_MS);
  });
});

describe('the pause after a block', () => {
  const afterBlock = (transactions: number) => {
    const scene = busy();
    const { leader, state } = scene;
    const proposer = state.config.validators.validators[leader()]?.key ?? '';
    const block = blockOn(null, state.view, { proposer, validatorSetHash: SET });
    scene.say({ type: 'block', block: { ...block, transactions: Array(transactions).fill({}) } });
    return { ...scene, effects: scene.say(heard(certificateOf('notarize', 1, hashOf(block)))) };
  };

  it('is none where little waits: the next leader, which is this core, builds at once', () => {
    expect(ofType(afterBlock(0).effects, 'build')).toMatchObject([{ view: 2 }]);
  });

  it('grows with the transactions of the block, and ends', () => {
    const scene = afterBlock(10);
    expect(ofType(scene.effects, 'build')).toEqual([]);
    expect(scene.timeoutMs()).toBe(40);
    scene.pass(40);
    expect(ofType(scene.say({ type: 'tick' }), 'build')).toMatchObject([{ view: 2 }]);
  });

  it('is bounded by a share of the time that a leader gets', () => {
    expect(afterBlock(10_000).timeoutMs()).toBe(0.6 * LEADER_TIMEOUT_MS);
  });
});

describe('a body that is missing below the parent', () => {
  const chain = (): readonly Block[] => {
    const blocks: Block[] = [];
    for (let view = 1; view <= 4; view += 1) {
      blocks.push(blockOn(blocks.at(-1) ?? null, view, { validatorSetHash: SET }));
    }
    return blocks;
  };
  const [lost, ...rest] = chain();
  if (!lost) throw new Error('no block');

  /** Knows that all are notarized, and lacks the body of the first. */
  const bereft = () => {
    const scene = busy();
    scene.say(heard(certificateOf('notarize', 1, hashOf(lost))));
    notarized(scene.state, rest.slice(0, 2));
    // The first question for it has gone unanswered.
    scene.pass(1_000);
    return scene;
  };

  it('is asked for before a proposal is judged, which is refused for nothing', () => {
    const scene = bereft();
    const proposer = scene.state.config.validators.validators[scene.leader()]?.key ?? '';
    const block = blockOn(rest[1] ?? null, 4, { proposer, validatorSetHash: SET });
    const effects = scene.say(proposed(scene.leader(), block));
    expect(ofType(effects, 'fetchBlock')).toMatchObject([{ hash: hashOf(lost) }]);
    expect([...ofType(effects, 'validate'), ...ofType(effects, 'broadcast')]).toEqual([]);
    expect(ofType(scene.say({ type: 'block', block: lost }), 'validate')).toMatchObject([{ hash: hashOf(block) }]);
  });

  it('is asked for before a block is built', () => {
    const scene = bereft();
    scene.skip();
    const effects = scene.say(heard(certificateOf('nullify', 5, ZERO_HASH)));
    expect([scene.leader(), ofType(effects, 'fetchBlock')]).toMatchObject([0, [{ hash: hashOf(lost) }]]);
    expect(ofType(scene.say({ type: 'block', block: lost }), 'build')).toMatchObject([{ view: 6 }]);
  });
});
