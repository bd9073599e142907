import { describe, expect, test } from 'vitest';
import type { Params } from '../../../protocol/genesis.ts';
import { changedParams, isParamProblem, PARAM_BOUNDS, paramValue } from '../../../protocol/param-bounds.ts';
import { developmentGenesis, TestChain, testAgent } from '../../../testing/chain-kit.ts';
import {
  motionsOf,
  motionTransaction,
  soundParams,
  spendingTransaction,
  turnEpoch,
  voteOnMotion,
} from '../../../testing/dispute-kit.ts';
import { eventNames } from '../../../testing/incident-kit.ts';
import { assertConserved } from '../../state/conservation.ts';

const payee = testAgent('data_detective').wallet.address;
const newChain = (params: Partial<Params> = {}) =>
  new TestChain(developmentGenesis({ params: { ...soundParams, ...params } }), { signed: false });
const motionOf = (chain: TestChain, index = 0) => motionsOf(chain)[index] ?? expect.fail('no motion');

function proposeChange(chain: TestChain, name: string, value: number | string, by = 'fault_mapper' as const) {
  const [receipt] = chain.block([motionTransaction(chain, by, [{ name, value }])]).receipts;
  expect(receipt?.status).toBe('success');
  return motionsOf(chain).at(-1)?.proposalId ?? '';
}

describe('a motion to change a parameter', () => {
  test('that passes takes effect when the next epoch begins, and not before', () => {
    const chain = newChain();
    voteOnMotion(chain, proposeChange(chain, 'rewards.bounty', 1_500), 'For');
    expect(motionOf(chain)).toMatchObject({ status: 'passed', enactment: 'waiting', released: true });
    chain.block([], 3_600_000);
    expect(chain.state.get('params')?.rewards.bounty).toBe(1_000);
    const result = turnEpoch(chain, 1);
    expect(chain.state.get('params')?.rewards.bounty).toBe(1_500);
    expect(result.receipts[0]?.events.at(-1)).toEqual({
      name: 'ParametersChanged',
      data: {
        proposalId: motionOf(chain).proposalId,
        epoch: 1,
        changes: [{ name: 'rewards.bounty', value: 1_500, from: 1_000 }],
      },
    });
    expect(motionOf(chain)).toMatchObject({ enactment: 'enacted', enactedEpoch: 1 });
    for (const { wallet } of [testAgent('fault_mapper'), testAgent('data_detective')]) {
      expect(chain.account(wallet.address).locked).toBe(0);
    }
    assertConserved(chain.state);
  });

  test('that is turned down, or that nobody votes on, changes nothing', () => {
    const chain = newChain();
    voteOnMotion(chain, proposeChange(chain, 'votingMode', 'open'), 'Against');
    proposeChange(chain, 'alpha', 600);
    chain.block([], chain.genesis.params.government.motionWindowMs);
    expect(motionsOf(chain).map(({ status, enactment }) => [status, enactment])).toEqual([
      ['rejected', ''],
      ['rejected', ''],
    ]);
    turnEpoch(chain, 1);
    expect(chain.state.get('params')).toEqual(chain.genesis.params);
    expect(chain.state.get('government')?.open).toEqual([]);
  });

  test('is looked at again when it takes effect: two that are safe alone may not be so together', () => {
    const chain = newChain();
    voteOnMotion(chain, proposeChange(chain, 'voteStakeMin', 52), 'For');
    voteOnMotion(chain, proposeChange(chain, 'penalties.opponent', 55), 'For');
    const result = turnEpoch(chain, 1);
    expect(eventNames(result)).toEqual(['ParametersChanged', 'MotionRefused']);
    expect(chain.state.get('params')).toMatchObject({ voteStakeMin: 52, penalties: { opponent: 50 } });
    expect(motionOf(chain, 1)).toMatchObject({ enactment: 'refused', enactedEpoch: 1 });
  });
});

describe('a motion to spend', () => {
  test('pays when the next epoch begins, within the cap of one epoch; what does not fit waits for another', () => {
    const chain = newChain();
    const treasury = chain.state.get('treasury')?.balance ?? 0;
    for (const amount of [6_000, 5_000, 4_000]) {
      chain.block([spendingTransaction(chain, 'fault_mapper', payee, amount)]);
      voteOnMotion(chain, motionsOf(chain).at(-1)?.proposalId ?? '', 'For');
    }
    const gas = (chain.state.get('treasury')?.balance ?? 0) - treasury;
    turnEpoch(chain, 1);
    expect(motionsOf(chain).map(({ enactment }) => enactment)).toEqual(['enacted', 'waiting', 'enacted']);
    expect(chain.state.get('government')?.spent).toBe(10_000);
    turnEpoch(chain, 2);
    expect(motionOf(chain, 1)).toMatchObject({ enactment: 'enacted', enactedEpoch: 2 });
    expect(chain.state.get('treasury')?.balance).toBe(treasury + gas - 15_000);
    assertConserved(chain.state);
  });

  test('is refused when the treasury cannot pay it', () => {
    const chain = new TestChain(developmentGenesis({ treasury: 0, params: soundParams }), { signed: false });
    chain.block([spendingTransaction(chain, 'fault_mapper', payee, 9_000)]);
    voteOnMotion(chain, motionOf(chain).proposalId, 'For');
    expect(turnEpoch(chain, 1).receipts[0]?.events[0]).toMatchObject({
      name: 'MotionRefused',
      data: { code: 'INSUFFICIENT_BALANCE' },
    });
  });
});

describe('the bounds', () => {
  const params = newChain().genesis.params;

  test('name parameters that exist, and hold for those of the tests', () => {
    for (const [name, bound] of Object.entries(PARAM_BOUNDS)) {
      const value = paramValue(params, name);
      expect(value, name).toBeDefined();
      if ('oneOf' in bound) expect(bound.oneOf).toContain(value);
      else expect(Number(value) >= bound.min && Number(value) <= bound.max, name).toBe(true);
    }
  });

  test('are the last values that are taken', () => {
    for (const [name, bound] of Object.entries(PARAM_BOUNDS)) {
      if ('oneOf' in bound) continue;
      for (const value of [bound.min - 1, bound.max + 1]) {
        expect(changedParams(params, [{ name, value }]), `${name} ${value}`).toMatchObject({
          code: 'PARAMETER_OUT_OF_BOUNDS',
        });
      }
    }
  });

  test('leave everything else as it was', () => {
    const after = changedParams(params, [{ name: 'work.stepReward', value: 7 }]);
    if (isParamProblem(after)) throw new Error(after.detail);
    expect(after).toEqual({ ...params, work: { ...params.work, stepReward: 7 } });
  });
});
