import { describe, expect, test } from 'vitest';
import { UNBONDINGS_MAX, VALIDATORS_MAX } from '../../../protocol/constants.ts';
import { type FailureCode, STAKING_CODES } from '../../../protocol/errors.ts';
import { ROLES, type Role } from '../../../protocol/roles.ts';
import type { Receipt } from '../../../protocol/types.ts';
import { type TestChain, testParams } from '../../../testing/chain-kit.ts';
import {
  evidence,
  joining,
  keyOf,
  newKey,
  nextEpoch,
  one,
  possession,
  stakingChain,
  succeed,
  two,
} from '../../../testing/staking-kit.ts';

const { staking } = testParams;

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
    run: () => stakingChain().call('fault_mapper', 'bond', { validator: newKey, amount: 5_000 }),
  },
  {
    code: 'VALIDATOR_UNKNOWN',
    when: 'the accused never bonded',
    run: () => {
      const chain = stakingChain();
      return report(chain, { ...notarizedTwice(chain), validator: newKey });
    },
  },
  {
    code: 'VALIDATOR_NOT_YOURS',
    when: 'another’s bond is topped up',
    run: () => stakingChain().call('fault_mapper', 'bond', { validator: keyOf('data_detective'), amount: 5_000 }),
  },
  {
    code: 'VALIDATOR_NOT_YOURS',
    when: 'another’s bond is taken back',
    run: () => stakingChain().call('fault_mapper', 'unbond', { validator: keyOf('data_detective'), amount: 5_000 }),
  },
  {
    code: 'VALIDATOR_JAILED',
    when: 'an equivocator bonds again',
    run: () => {
      const chain = stakingChain();
      report(chain, notarizedTwice(chain));
      return chain.call('fault_mapper', 'bond', { validator: keyOf('fault_mapper'), amount: 5_000 });
    },
  },
  {
    code: 'VALIDATOR_KEY_UNPROVEN',
    when: 'the key signed for another account',
    run: () => {
      const chain = stakingChain();
      const args = { ...joining(chain), possession: possession(chain, 'data_detective') };
      return chain.call('fault_mapper', 'bond', args);
    },
  },
  {
    code: 'VALIDATORS_FULL',
    when: 'all places are taken by those who have something to lose',
    run: () => {
      const chain = stakingChain();
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
      const chain = stakingChain();
      const leave = (role: Role) => unbond(chain, role, 10_000);
      for (const role of ROLES.slice(0, 3)) succeed(leave(role));
      return leave('fault_mapper');
    },
  },
  { code: 'BOND_BELOW_MINIMUM', when: 'too little stays', run: () => unbond(stakingChain(), 'fault_mapper', 9_001) },
  {
    code: 'BOND_BELOW_MINIMUM',
    when: 'a newcomer bonds too little',
    run: () => {
      const chain = stakingChain();
      return chain.call('fault_mapper', 'bond', joining(chain, 999));
    },
  },
  {
    code: 'INSUFFICIENT_BOND',
    when: 'more is taken than there is',
    run: () => unbond(stakingChain(), 'fault_mapper', 10_001),
  },
  {
    code: 'UNBONDINGS_FULL',
    when: 'it is taken back in too many pieces',
    run: () => {
      const chain = stakingChain();
      for (let piece = 0; piece < UNBONDINGS_MAX; piece += 1) succeed(unbond(chain, 'fault_mapper', 1));
      return unbond(chain, 'fault_mapper', 1);
    },
  },
  {
    code: 'EQUIVOCATION_NONE',
    when: 'the votes are the same',
    run: () => {
      const chain = stakingChain();
      return report(chain, evidence(chain, 'fault_mapper', ['notarize', one], ['notarize', one]));
    },
  },
  {
    code: 'EQUIVOCATION_NONE',
    when: 'notarize goes with finalize',
    run: () => {
      const chain = stakingChain();
      return report(chain, evidence(chain, 'fault_mapper', ['notarize', one], ['finalize', two]));
    },
  },
  {
    code: 'EQUIVOCATION_NONE',
    when: 'a nullify names a block, as no vote does',
    run: () => {
      const chain = stakingChain();
      return report(chain, evidence(chain, 'fault_mapper', ['nullify', one], ['finalize', two]));
    },
  },
  {
    code: 'EQUIVOCATION_UNSIGNED',
    when: 'the second signature is another’s',
    run: () => {
      const chain = stakingChain();
      const forged = evidence(chain, 'data_detective', ['notarize', one], ['notarize', two]);
      return report(chain, { ...notarizedTwice(chain), second: forged.second });
    },
  },
  {
    code: 'EQUIVOCATION_UNSIGNED',
    when: 'the votes are of another view',
    run: () => {
      const chain = stakingChain();
      return report(chain, { ...notarizedTwice(chain), view: 4 });
    },
  },
  {
    code: 'EQUIVOCATION_TOO_OLD',
    when: 'the epoch ended longer ago than the evidence age',
    run: () => {
      const chain = stakingChain();
      nextEpoch(chain);
      chain.block([], staking.evidenceAgeMs);
      return report(chain, notarizedTwice(chain, { epoch: 0 }));
    },
  },
  {
    code: 'EQUIVOCATION_EPOCH_UNKNOWN',
    when: 'the epoch has not come',
    run: () => {
      const chain = stakingChain();
      return report(chain, notarizedTwice(chain, { epoch: 1 }));
    },
  },
  {
    code: 'EQUIVOCATION_PUNISHED',
    when: 'it is reported again with other votes of the same view',
    run: () => {
      const chain = stakingChain();
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
