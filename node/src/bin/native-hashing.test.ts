import { setHasher } from '@chainsafe/persistent-merkle-tree';
import { hasher as portable } from '@chainsafe/persistent-merkle-tree/hasher/noble';
import { afterAll, describe, expect, it } from 'vitest';
import { listRoot } from '../protocol/merkle/list.ts';
import { headerRoot, transactionRoot } from '../protocol/ssz.ts';
import { testAgents } from '../testing/chain-kit.ts';
import { useNativeHashing } from './native-hashing.ts';

const [agent] = testAgents;
const transaction = agent?.wallet.sign({
  chainId: 'test',
  type: 'transfer',
  sender: agent.wallet.address,
  publicKey: agent.wallet.publicKey,
  nonce: 3,
  gasPrice: 1,
  gasLimit: 200,
  args: `{"note":"${'x'.repeat(300)}"}`,
  evidence: ['ab'.repeat(32), 'cd'.repeat(32)],
});
const hash = '12'.repeat(32);
const header = {
  height: 7,
  view: 9,
  epoch: 0,
  parentHash: hash,
  timestampMs: 1_700_000_000_000,
  proposer: agent?.validatorKey ?? '',
  transactionsRoot: hash,
  receiptsRoot: hash,
  stateRoot: hash,
  evidenceRoot: hash,
  validatorSetHash: hash,
};
const rootsNow = (): readonly Uint8Array[] => [
  ...(transaction ? [transactionRoot(transaction)] : []),
  headerRoot(header),
  listRoot(
    Array.from({ length: 37 }, (_, at) => new Uint8Array(32).fill(at)),
    1_024,
  ),
];

describe('native hashing', () => {
  afterAll(() => setHasher(portable));

  it('gives the roots of the portable implementation', async () => {
    setHasher(portable);
    const expected = rootsNow();
    await useNativeHashing();
    expect(rootsNow()).toEqual(expected);
    expect(expected).toHaveLength(3);
  });
});
