import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UNBONDINGS_MAX, VALIDATORS_MAX } from '../../../protocol/constants.ts';
import { signAsValidator, validatorKeyOf } from '../../../protocol/crypto/validator.ts';
import { type FailureCode, STAKING_CODES } from '../../../protocol/errors.ts';
import type { Params } from '../../../protocol/genesis.ts';
import { bondSigningRoot, voteSigningRoot } from '../../../protocol/hashing.ts';
import { faultsTolerated } from '../../../protocol/power.ts';
import { ROLES, type Role } from '../../../protocol/roles.ts';
import { type Hash, type Receipt, type VoteKind, ZERO_HASH } from '../../../protocol/types.ts';
import {
  developmentGenesis,
  TestChain,
  testAgent,
  testAgents,
  testParams,
  testSecret,
} from '../../../testing/chain-kit.ts';
import { assertConserved } from '../../state/conservation.ts';

const { staking } = testParams;
const EPOCH_BLOCKS = 4;
const newKey = validatorKeyOf(testSecret(99));
const [one, two]: readonly [Hash, Hash] = ['11'.repeat(32), '22'.repeat(32)];

const keyOf = (role: Role): string => testAgent(role).validatorKey;

function chainOf(params: Partial<Params['staking']> = {}): TestChain {
  const genesis = developmentGenesis({ epochBlocks: EPOCH_BLOCKS, params: { staking: { ...staking, ...params } } });
  return new TestChain(genesis, { signed: false });
}

/** Blocks until the epoch has changed. */
function nextEpoch(chain: TestChain, afterMs = 1_000): void {
  const { epoch } = epochOf(chain);
  while (epochOf(chain).epoch === epoch) chain.block([], afterMs);
}

function epochOf(chain: TestChain) {
  const record = chain.state.get('validators');
  if (!record) throw new Error('no epoch');
  return record;
}

const powerOf = (chain: TestChain, key: string): number | undefined =>
  epochOf(chain).validators.find((validator) => validator.key === key)?.power;

type Signed = readonly [kind: VoteKind, block: Hash];

function evidence(
  chain: TestChain,
  role: Role,
  first: Signed,
  second: Signed,
  place: { epoch?: number; view?: number } = {},
) {
  const { epoch, view } = { epoch: epochOf(chain).epoch, view: 3, ...place };
  const { validatorKey: validator, signAsValidator: sign } = testAgent(role);
  const vote = ([kind, block]: Signed) => ({
    kind,
    block,
    signature: sign(voteSigningRoot(chain.genesis.chainId, { kind, epoch, view, block })),
  });
  return { validator, epoch, view, first: vote(first), second: vote(second) };
}

const possession = (chain: TestChain, owner: Role): string =>
  signAsValidator(testSecret(99), bondSigningRoot(chain.genesis.chainId, newKey, testAgent(owner).wallet.address));

const joining = (chain: TestChain, amount = 5_000) => ({
  ...{ validator: newKey, amount, name: 'newcomer' },
  possession: possession(chain, 'fault_mapper'),
});

function succeed(receipt: Receipt): void {
  expect(receipt).toMatchObject({ status: 'success', reason: '' });
}

describe('bonding', () => {
  test('moves tokens from the balance to the bond and counts from the next epoch on', () => {
    const chain = chainOf();
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
    const chain = chainOf();
    succeed(chain.call('fault_mapper', 'bond', joining(chain)));
    nextEpoch(chain);
    expect(epochOf(chain).validators.at(-1)).toEqual({ key: newKey, power: 5_000 });
    expect(epochOf(chain).owners.at(-1)).toMatchObject({ name: 'newcomer' });
  });

  test('a full list makes room where nothing is left to lose', () => {
    const chain = chainOf({ slashShare: 1_000 });
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
    const chain = chainOf();
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
    const chain = chainOf({ unbondDelayMs: 100 });
    succeed(chain.call('fault_mapper', 'unbond', { validator: keyOf('fault_mapper'), amount: 1_000 }));
    nextEpoch(chain);
    const [waiting] = chain.state.get('validator', keyOf('fault_mapper'))?.unbonding ?? [];
    expect(waiting?.releaseAtMs).toBe(chain.timestampMs + testParams.challengeWindowMs + staking.evidenceAgeMs);
  });

  test('who comes back before the release is bonded again', () => {
    const chain = chainOf();
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
    const chain = chainOf();
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
    const chain = chainOf();
    const again = (view: number) => evidence(chain, 'fault_mapper', ['notarize', one], ['notarize', two], { view });
    succeed(chain.call('data_detective', 'submit_equivocation', again(3)));
    succeed(chain.call('data_detective', 'submit_equivocation', again(4)));
    expect(chain.account('fault_mapper').bond).toBe(2_500);
  });

  test('reaches what is being unbonded, until it is released', () => {
    const chain = chainOf();
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
    const chain = chainOf();
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
    const chain = chainOf({ proposerGasShare: 250 });
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

interface Refusal {
  readonly code: FailureCode;
  readonly when: string;
  readonly run: () => Receipt;
}

const notarizedTwice = (chain: TestChain, place: { epoch?: number; view?: number } = {}) =>
  evidence(chain, 'fault_mapper', ['notarize', one], ['notarize', two], place);
const report = (chain: TestChain, args: ReturnType<typeof evidence>): Receipt =>
  chain.call('data_detective', 'submit_equivocation', args);
const unbond = (chain: TestChain, role: Role, amount: number): Receipt =>
  chain.call(role, 'unbond', { validator: keyOf(role), amount });

const refusals: readonly Refusal[] = [
  {
    code: 'VALIDATOR_UNKNOWN',
    when: 'a new key comes without its proof',
    run: () => chainOf().call('fault_mapper', 'bond', { validator: newKey, amount: 5_000 }),
  },
  {
    code: 'VALIDATOR_UNKNOWN',
    when: 'the accused never bonded',
    run: () => {
      const chain = chainOf();
      return report(chain, { ...notarizedTwice(chain), validator: newKey });
    },
  },
  {
    code: 'VALIDATOR_NOT_YOURS',
    when: 'another’s bond is topped up',
    run: () => chainOf().call('fault_mapper', 'bond', { validator: keyOf('data_detective'), amount: 5_000 }),
  },
  {
    code: 'VALIDATOR_NOT_YOURS',
    when: 'another’s bond is taken back',
    run: () => chainOf().call('fault_mapper', 'unbond', { validator: keyOf('data_detective'), amount: 5_000 }),
  },
  {
    code: 'VALIDATOR_JAILED',
    when: 'an equivocator bonds again',
    run: () => {
      const chain = chainOf();
      report(chain, notarizedTwice(chain));
      return chain.call('fault_mapper', 'bond', { validator: keyOf('fault_mapper'), amount: 5_000 });
    },
  },
  {
    code: 'VALIDATOR_KEY_UNPROVEN',
    when: 'the key signed for another account',
    run: () => {
      const chain = chainOf();
      const args = { ...joining(chain), possession: possession(chain, 'data_detective') };
      return chain.call('fault_mapper', 'bond', args);
    },
  },
  {
    code: 'VALIDATORS_FULL',
    when: 'all places are taken by those who have something to lose',
    run: () => {
      const chain = chainOf();
      const record = chain.state.get('staking');
      const keys = Array.from({ length: VALIDATORS_MAX }, () => keyOf('fault_mapper'));
      chain.state = chain.state.with([['staking', JSON.stringify({ ...record, keys })]]);
      return chain.call('fault_mapper', 'bond', joining(chain));
    },
  },
  {
    code: 'VALIDATORS_TOO_FEW',
    when: 'the fourth of seven leaves',
    run: () => {
      const chain = chainOf();
      const leave = (role: Role) => unbond(chain, role, 10_000);
      for (const role of ROLES.slice(0, 3)) succeed(leave(role));
      return leave('fault_mapper');
    },
  },
  { code: 'BOND_BELOW_MINIMUM', when: 'too little stays', run: () => unbond(chainOf(), 'fault_mapper', 9_001) },
  {
    code: 'BOND_BELOW_MINIMUM',
    when: 'a newcomer bonds too little',
    run: () => {
      const chain = chainOf();
      return chain.call('fault_mapper', 'bond', joining(chain, 999));
    },
  },
  {
    code: 'INSUFFICIENT_BOND',
    when: 'more is taken than there is',
    run: () => unbond(chainOf(), 'fault_mapper', 10_001),
  },
  {
    code: 'UNBONDINGS_FULL',
    when: 'it is taken back in too many pieces',
    run: () => {
      const chain = chainOf();
      for (let piece = 0; piece < UNBONDINGS_MAX; piece += 1) succeed(unbond(chain, 'fault_mapper', 1));
      return unbond(chain, 'fault_mapper', 1);
    },
  },
  {
    code: 'EQUIVOCATION_NONE',
    when: 'the votes are the same',
    run: () => {
      const chain = chainOf();
      return report(chain, evidence(chain, 'fault_mapper', ['notarize', one], ['notarize', one]));
    },
  },
  {
    code: 'EQUIVOCATION_NONE',
    when: 'notarize goes with finalize',
    run: () => {
      const chain = chainOf();
      return report(chain, evidence(chain, 'fault_mapper', ['notarize', one], ['finalize', two]));
    },
  },
  {
    code: 'EQUIVOCATION_NONE',
    when: 'a nullify names a block, as no vote does',
    run: () => {
      const chain = chainOf();
      return report(chain, evidence(chain, 'fault_mapper', ['nullify', one], ['finalize', two]));
    },
  },
  {
    code: 'EQUIVOCATION_UNSIGNED',
    when: 'the second signature is another’s',
    run: () => {
      const chain = chainOf();
      const forged = evidence(chain, 'data_detective', ['notarize', one], ['notarize', two]);
      return report(chain, { ...notarizedTwice(chain), second: forged.second });
    },
  },
  {
    code: 'EQUIVOCATION_UNSIGNED',
    when: 'the votes are of another view',
    run: () => {
      const chain = chainOf();
      return report(chain, { ...notarizedTwice(chain), view: 4 });
    },
  },
  {
    code: 'EQUIVOCATION_TOO_OLD',
    when: 'the epoch ended longer ago than the evidence age',
    run: () => {
      const chain = chainOf();
      nextEpoch(chain);
      chain.block([], staking.evidenceAgeMs);
      return report(chain, notarizedTwice(chain, { epoch: 0 }));
    },
  },
  {
    code: 'EQUIVOCATION_EPOCH_UNKNOWN',
    when: 'the epoch has not come',
    run: () => {
      const chain = chainOf();
      return report(chain, notarizedTwice(chain, { epoch: 1 }));
    },
  },
  {
    code: 'EQUIVOCATION_PUNISHED',
    when: 'it is reported again with other votes of the same view',
    run: () => {
      const chain = chainOf();
      report(chain, notarizedTwice(chain));
      return report(chain, evidence(chain, 'fault_mapper', ['finalize', one], ['finalize', two]));
    },
  },
];

describe('refusals', () => {
  test.each(refusals)('$code: $when', ({ code, run }) => {
    expect(run()).toMatchObject({ status: 'failed', reason: code, events: [] });
  });

  test('every code of staking', () => {
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(STAKING_CODES));
  });
});

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
        const chain = chainOf({ proposerGasShare: 300, unbondDelayMs: 1_000, evidenceAgeMs: 5_000 });
        let jailed = 0;
        for (const { role, kind, amount, view } of actions) {
          const validator = keyOf(role);
          if (kind === 'bond') chain.call(role, 'bond', { validator, amount });
          else if (kind === 'unbond') chain.call(role, 'unbond', { validator, amount });
          else if (kind === 'wait') chain.block([], amount * 10);
          else report(chain, evidence(chain, role, ['notarize', one], ['notarize', two], { view }));
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
