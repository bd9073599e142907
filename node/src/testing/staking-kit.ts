/** Test-only: a chain with short epochs, a newcomer's key, and votes that contradict each other. */
import { expect } from 'vitest';
import { signAsValidator, validatorKeyOf } from '../protocol/crypto/validator.ts';
import type { Params } from '../protocol/genesis.ts';
import { bondSigningRoot, voteSigningRoot } from '../protocol/hashing.ts';
import type { Role } from '../protocol/roles.ts';
import type { Hash, Receipt, VoteKind } from '../protocol/types.ts';
import { developmentGenesis, TestChain, testAgent, testParams, testSecret } from './chain-kit.ts';

const EPOCH_BLOCKS = 4;
export const newKey = validatorKeyOf(testSecret(99));
export const [one, two]: readonly [Hash, Hash] = ['11'.repeat(32), '22'.repeat(32)];

export const keyOf = (role: Role): string => testAgent(role).validatorKey;

export function stakingChain(params: Partial<Params['staking']> = {}): TestChain {
  const genesis = developmentGenesis({
    epochBlocks: EPOCH_BLOCKS,
    params: { staking: { ...testParams.staking, ...params } },
  });
  return new TestChain(genesis, { signed: false });
}

/** Blocks until the epoch has changed. */
export function nextEpoch(chain: TestChain, afterMs = 1_000): void {
  const { epoch } = epochOf(chain);
  while (epochOf(chain).epoch === epoch) chain.block([], afterMs);
}

export function epochOf(chain: TestChain) {
  const record = chain.state.get('validators');
  if (!record) throw new Error('no epoch');
  return record;
}

export const powerOf = (chain: TestChain, key: string): number | undefined =>
  epochOf(chain).validators.find((validator) => validator.key === key)?.power;

export type Signed = readonly [kind: VoteKind, block: Hash];

export function evidence(
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

export const possession = (chain: TestChain, owner: Role): string =>
  signAsValidator(testSecret(99), bondSigningRoot(chain.genesis.chainId, newKey, testAgent(owner).wallet.address));

export const joining = (chain: TestChain, amount = 5_000) => ({
  ...{ validator: newKey, amount, name: 'newcomer' },
  possession: possession(chain, 'fault_mapper'),
});

export function succeed(receipt: Receipt): void {
  expect(receipt).toMatchObject({ status: 'success', reason: '' });
}
