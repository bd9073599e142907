import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VALIDATORS_MAX } from '../../../protocol/constants.ts';
import { faultsTolerated } from '../../../protocol/power.ts';
import { ROLES } from '../../../protocol/roles.ts';
import { ZERO_HASH } from '../../../protocol/types.ts';
import { testAgent, testAgents, testParams } from '../../../testing/chain-kit.ts';
import {
  epochOf,
  evidence,
  joining,
  keyOf,
  newKey,
  nextEpoch,
  one,
  powerOf,
  type Signed,
  stakingChain,
  succeed,
  two,
} from '../../../testing/staking-kit.ts';
import { assertConserved } from '../../state/conservation.ts';

const { staking } = testParams;

describe('bonding', () => {
  test('moves tokens from the balance to the bond and counts from the next epoch on', () => {
    const chain = stakingChain();
    const validator = keyOf('fault_mapper');
    succeed(chain.call('fault_mapper', 'bond', { validator, amount: 2_000 }));
    expect(chain.account('fault_mapper')).toMatchObject({ balance: 20_000 - 200 - 2_000, bond: 12_000 });
    expect(powerOf(chain, validator)).toBe(10_000);
    nextEpoch(chain);
    expect(epochOf(chain)).toMatchObject({ epoch: 1, since: 1, firstHeight: 5, lastHeight: 8 });
    expect(powerOf(chain, validator)).toBe(12_000);
    nextEpoch(chain);
    expect(epochOf(chain)).toMatchObject({ epoch: 2, since: 1, firstHeight: 9, lastHeight: 12 });
    assertConserved(chain.state);
  });

  test('brings a new key in, at the end of the set', () => {
    const chain = stakingChain();
    succeed(chain.call('fault_mapper', 'bond', joining(chain)));
    nextEpoch(chain);
    expect(epochOf(chain).validators.at(-1)).toEqual({ key: newKey, power: 5_000 });
    expect(epochOf(chain).owners.at(-1)).toMatchObject({ name: 'newcomer' });
  });

  test('a full list makes room where nothing is left to lose', () => {
    const chain = stakingChain({ slashShare: 1_000 });
    const record = chain.state.get('staking');
    const jailed = chain.state.get('validator', keyOf('fault_mapper'));
    const others = Array.from({ length: VALIDATORS_MAX - 7 }, (_, index) => index.toString(16).padStart(64, 'c'));
    const entries = others.map(
      (key) => [`validator/${key}`, JSON.stringify({ ...jailed, key, bond: 0, status: 'jailed' })] as const,
    );
    const keys = [...(record?.keys ?? []), ...others];
    chain.state = chain.state.with([...entries, ['staking', JSON.stringify({ ...record, keys })]]);
    succeed(chain.call('fault_mapper', 'bond', joining(chain)));
    expect(chain.state.get('staking')?.keys).toEqual([...keys.filter((key) => key !== others[0]), newKey]);
    expect(chain.state.get('validator', others[0] ?? '')?.status).toBe('jailed');
  });
});

describe('unbonding', () => {
  test('counts to the end of the epoch, waits for the delay, and is released by the system', () => {
    const chain = stakingChain();
    const validator = keyOf('fault_mapper');
    succeed(chain.call('fault_mapper', 'unbond', { validator, amount: 10_000 }));
    expect(powerOf(chain, validator)).toBe(10_000);
    expect(chain.state.get('validator', validator)).toMatchObject({ status: 'leaving', bond: 0 });
    nextEpoch(chain);
    expect(powerOf(chain, validator)).toBeUndefined();
    const endedAtMs = chain.timestampMs;
    const releaseAtMs = endedAtMs + staking.unbondDelayMs;
    expect(chain.state.get('validator', validator)?.unbonding).toEqual([{ amount: 10_000, releaseAtMs }]);
    chain.block([], staking.unbondDelayMs - 1);
    expect(chain.account('fault_mapper')).toMatchObject({ balance: 19_800, bond: 10_000 });
    const { receipts } = chain.block([], 1);
    expect(receipts.at(-1)?.events).toContainEqual(expect.objectContaining({ name: 'Unbonded' }));
    expect(chain.account('fault_mapper')).toMatchObject({ balance: 29_800, bond: 0 });
    expect(chain.state.get('validator', validator)).toBeUndefined();
    expect(chain.state.get('staking')).toMatchObject({ nextReleaseAtMs: 0 });
    expect(chain.state.get('staking')?.keys).not.toContain(validator);
    assertConserved(chain.state);
  });

  test('never waits less than the challenge window and the evidence age together', () => {
    const chain = stakingChain({ unbondDelayMs: 100 });
    succeed(chain.call('fault_mapper', 'unbond', { validator: keyOf('fault_mapper'), amount: 1_000 }));
    nextEpoch(chain);
    const [waiting] = chain.state.get('validator', keyOf('fault_mapper'))?.unbonding ?? [];
    expect(waiting?.releaseAtMs).toBe(chain.timestampMs + testParams.challengeWindowMs + staking.evidenceAgeMs);
  });

  test('who comes back before the release is bonded again', () => {
    const chain = stakingChain();
    const validator = keyOf('fault_mapper');
    succeed(chain.call('fault_mapper', 'unbond', { validator, amount: 10_000 }));
    succeed(chain.call('fault_mapper', 'bond', { validator, amount: 1_500 }));
    nextEpoch(chain);
    expect(powerOf(chain, validator)).toBe(1_500);
    chain.block([], staking.unbondDelayMs);
    expect(chain.account('fault_mapper').bond).toBe(1_500);
    expect(chain.state.get('validator', validator)).toMatchObject({ status: 'bonded', bond: 1_500, unbonding: [] });
  });
});

describe('equivocation', () => {
  const pairs: readonly (readonly [string, Signed, Signed])[] = [
    ['two notarize', ['notarize', one], ['notarize', two]],
    ['two finalize', ['finalize', one], ['finalize', two]],
    ['nullify and finalize', ['nullify', ZERO_HASH], ['finalize', one]],
    ['finalize and nullify', ['finalize', one], ['nullify', ZERO_HASH]],
  ];
  test.each(pairs)('%s: slashed, jailed, and out of the next set', (_, first, second) => {
    const chain = stakingChain();
    const validator = keyOf('fault_mapper');
    const before = chain.account('data_detective').balance;
    const receipt = chain.call('data_detective', 'submit_equivocation', evidence(chain, 'fault_mapper', first, second));
    succeed(receipt);
    expect(receipt.events).toEqual([
      expect.objectContaining({
        name: 'ValidatorSlashed',
        data: expect.objectContaining({ validator, slashed: 5_000, burned: 4_500, reward: 500 }),
      }),
    ]);
    expect(chain.account('fault_mapper').bond).toBe(5_000);
    expect(chain.account('data_detective').balance).toBe(before - receipt.gasUsed + 500);
    expect(chain.state.get('treasury')?.burned).toBe(4_500);
    expect(powerOf(chain, validator)).toBe(10_000);
    nextEpoch(chain);
    expect(powerOf(chain, validator)).toBeUndefined();
    expect(chain.state.get('validator', validator)).toMatchObject({ status: 'jailed', bond: 5_000 });
    assertConserved(chain.state);
  });

  test('is punished once a view, and again in another', () => {
    const chain = stakingChain();
    const again = (view: number) => evidence(chain, 'fault_mapper', ['notarize', one], ['notarize', two], { view });
    succeed(chain.call('data_detective', 'submit_equivocation', again(3)));
    succeed(chain.call('data_detective', 'submit_equivocation', again(4)));
    expect(chain.account('fault_mapper').bond).toBe(2_500);
  });

  test('reaches what is being unbonded, until it is released', () => {
    const chain = stakingChain();
    const validator = keyOf('fault_mapper');
    succeed(chain.call('fault_mapper', 'unbond', { validator, amount: 8_000 }));
    nextEpoch(chain);
    const votes = evidence(chain, 'fault_mapper', ['notarize', one], ['notarize', two], { epoch: 0 });
    chain.block([], staking.evidenceAgeMs - 1_000);
    succeed(chain.call('data_detective', 'submit_equivocation', votes));
    const { bond, unbonding } = chain.state.get('validator', validator) ?? {};
    expect([bond, unbonding?.map(({ amount }) => amount)]).toEqual([0, [5_000]]);
    succeed(chain.call('fault_mapper', 'transfer', { to: testAgent('data_detective').wallet.address, amount: 1 }));
    chain.block([], staking.unbondDelayMs);
    expect(chain.account('fault_mapper').bond).toBe(0);
    assertConserved(chain.state);
  });

  test('of everybody leaves the set as it is: nobody else could go on', () => {
    const chain = stakingChain();
    for (const role of ROLES) {
      succeed(
        chain.call(
          'data_detective',
          'submit_equivocation',
          evidence(chain, role, ['notarize', one], ['notarize', two]),
        ),
      );
      if (epochOf(chain).epoch > 0) break;
    }
    const set = epochOf(chain).validators;
    expect(set.length).toBeGreaterThan(0);
    for (const role of ROLES) {
      const votes = evidence(chain, role, ['finalize', one], ['finalize', two], { view: 9 });
      succeed(chain.call('data_detective', 'submit_equivocation', votes));
    }
    const last = epochOf(chain).validators;
    nextEpoch(chain);
    expect(epochOf(chain).validators).toEqual(last);
  });
});

describe('proposers', () => {
  test('are paid their part of the gas out of the treasury', () => {
    const chain = stakingChain({ proposerGasShare: 250 });
    const treasury = chain.state.get('treasury')?.balance ?? 0;
    const { balance } = chain.account('alert_receiver');
    const receipts = chain.block([
      chain.transaction('fault_mapper', 'stake', { amount: 1 }),
      chain.transaction('data_detective', 'unstake', { amount: 9_999 }),
    ]).receipts;
    expect(receipts.map(({ status }) => status)).toEqual(['success', 'failed', 'success']);
    expect(chain.account('alert_receiver').balance).toBe(balance + 100);
    expect(chain.state.get('treasury')?.balance).toBe(treasury + 400 - 100);
    assertConserved(chain.state);
  });
});

/** More than any call here takes. */
const GAS_MOST = 2_000;

describe('any bonds', () => {
  /** What somebody may try, in any order. */
  const action = fc.record({
    role: fc.constantFrom(...ROLES),
    kind: fc.constantFrom('bond', 'unbond', 'report', 'wait'),
    amount: fc.oneof(fc.constantFrom(1, 999, 1_000, 9_000, 10_000), fc.integer({ min: 1, max: 25_000 })),
    view: fc.integer({ min: 1, max: 3 }),
  });

  test('tokens are conserved, the set keeps its floor, and no tolerated number of validators reaches a third', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 30 }), (actions) => {
        const chain = stakingChain({ proposerGasShare: 300, unbondDelayMs: 1_000, evidenceAgeMs: 5_000 });
        let jailed = 0;
        for (const { role, kind, amount, view } of actions) {
          const validator = keyOf(role);
          // Who bonded nearly all it had cannot pay for another call: no block would hold it.
          const payer = kind === 'report' ? 'data_detective' : role;
          if (kind !== 'wait' && chain.account(payer).balance < GAS_MOST) continue;
          if (kind === 'bond') chain.call(role, 'bond', { validator, amount });
          else if (kind === 'unbond') chain.call(role, 'unbond', { validator, amount });
          else if (kind === 'wait') chain.block([], amount * 10);
          else {
            const votes = evidence(chain, role, ['notarize', one], ['notarize', two], { view });
            chain.call('data_detective', 'submit_equivocation', votes);
          }
          assertConserved(chain.state);
          const { validators, owners } = epochOf(chain);
          jailed = testAgents.filter(
            ({ validatorKey }) => chain.state.get('validator', validatorKey)?.status === 'jailed',
          ).length;
          const powers = validators.map(({ power }) => power).sort((a, b) => b - a);
          const total = powers.reduce((sum, power) => sum + power, 0);
          const strongest = powers.slice(0, faultsTolerated(powers.length)).reduce((sum, power) => sum + power, 0);
          expect(3 * strongest).toBeLessThan(total);
          expect(owners.map(({ key }) => key)).toEqual(validators.map(({ key }) => key));
          expect(validators.length).toBeGreaterThanOrEqual(Math.max(1, staking.validatorsMin - jailed));
        }
      }),
      { numRuns: 60 },
    );
  });
});
