import { afterEach, describe, expect, it } from 'vitest';
import { canonicalText } from '../protocol/canonical.ts';
import { voteSigningRoot } from '../protocol/hashing.ts';
import type { Transaction, Vote } from '../protocol/types.ts';
import { encodeConsensusMessage } from '../protocol/wire.ts';
import { testAgent, testAgents, testParams } from '../testing/chain-kit.ts';
import { NodeCluster } from '../testing/node-cluster.ts';

const EPOCH_BLOCKS = 5;
const SECOND_MS = 1_000;
/** Generous: a busy machine may be ten times slower. */
const TIMEOUT_MS = 120 * SECOND_MS;
const alice = testAgent('alert_receiver').wallet;

let cluster: NodeCluster | undefined;

async function started(fate?: ConstructorParameters<typeof NodeCluster>[0]): Promise<NodeCluster> {
  const staking = { ...testParams.staking, evidenceAgeMs: 30_000, unbondDelayMs: 1_000 };
  const params = { heartbeatMs: 500, challengeWindowMs: 1_000, staking };
  cluster = await NodeCluster.started(fate, { epochBlocks: EPOCH_BLOCKS, params });
  return cluster;
}

afterEach(async () => {
  for (const index of testAgents.keys()) await cluster?.stop(index);
  expect(cluster?.fatal ?? []).toEqual([]);
  cluster = undefined;
});

const call = (on: NodeCluster, type: string, args: object): Transaction =>
  alice.sign({
    chainId: on.genesis.chainId,
    ...{ type, sender: alice.address, publicKey: alice.publicKey },
    nonce: on.node(0).nextNonce(alice.address),
    ...{ gasPrice: 1, gasLimit: 200, args: canonicalText(args), evidence: [] },
  });

const epochs = (on: NodeCluster): number[] => on.living().map((node) => node.consensus().epoch);

/** Until every living node runs this epoch. */
async function reached(on: NodeCluster, epoch: number, withinMs = 60 * SECOND_MS): Promise<void> {
  const done = await on.clock.advance(withinMs, () => epochs(on).every((at) => at >= epoch));
  expect(done, `epochs ${epochs(on).join(' ')}`).toBe(true);
}

describe('nodes whose epochs have five blocks', { timeout: TIMEOUT_MS }, () => {
  it('go from epoch to epoch, each block certified by the validators that it names', async () => {
    const on = await started();
    await reached(on, 3);
    for (let height = 1; height <= 3 * EPOCH_BLOCKS; height += 1) {
      const stored = await on.node(2).store.blockAt(height);
      const epoch = Math.floor((height - 1) / EPOCH_BLOCKS);
      expect(stored?.block.header.epoch).toBe(epoch);
      expect(stored?.finality.certificate.epoch).toBe(epoch);
    }
    expect(await on.node(2).store.setChanges()).toEqual([]);
  });

  it('lead and vote by the bonds that the epoch before saw', async () => {
    const on = await started();
    const validator = testAgents[0]?.validatorKey ?? '';
    await on.settle(0, { transaction: call(on, 'bond', { validator, amount: 4_000 }), blobs: [] });
    const epoch = on.node(0).consensus().epoch;
    expect(on.node(1).validators().validators[0]).toMatchObject({ bond: 14_000, power: 10_000, status: 'active' });
    await reached(on, epoch + 1);
    expect(on.node(1).validators().validators[0]).toMatchObject({ bond: 14_000, power: 14_000 });
    expect(await on.node(1).store.setChanges()).toMatchObject([
      { epoch: epoch + 1, height: (epoch + 1) * EPOCH_BLOCKS },
    ]);
  });

  it('let one leave, who then follows and is shown, and come back', async () => {
    const on = await started();
    const validator = testAgents[0]?.validatorKey ?? '';
    await on.settle(0, { transaction: call(on, 'unbond', { validator, amount: 10_000 }), blobs: [] });
    expect(on.node(3).validators().validators[0]).toMatchObject({ status: 'leaving', bond: 0, unbonding: 10_000 });
    const epoch = on.node(3).consensus().epoch + 1;
    await reached(on, epoch);
    expect(on.node(3).validators()).toMatchObject({
      others: [{ key: validator, status: 'leaving', unbonding: 10_000 }],
    });
    expect(on.node(3).validators().validators).toHaveLength(6);
    await on.clock.advance(5 * SECOND_MS);
    expect(on.node(0).final().height).toBeGreaterThan(on.node(3).final().height - 4);
    await on.settle(0, { transaction: call(on, 'bond', { validator, amount: 3_000 }), blobs: [] }, 30_000);
    await reached(on, on.node(3).consensus().epoch + 1);
    expect(
      on
        .node(0)
        .validators()
        .validators.find(({ self }) => self),
    ).toMatchObject({ power: 3_000 });
  });

  it('take one back that was down over two boundaries, and go on from disk when all were down', async () => {
    const on = await started();
    await on.stop(5);
    await reached(on, 2);
    await on.start(5);
    await reached(on, 3);
    for (const index of testAgents.keys()) await on.stop(index);
    for (const index of testAgents.keys()) await on.start(index);
    await reached(on, 4);
    const height = Math.min(...on.heights());
    const hashes = await Promise.all(on.living().map(async ({ store }) => (await store.blockAt(height))?.hash));
    expect(new Set(hashes).size).toBe(1);
  });

  it('help one over the end of an epoch that heard nothing of it', async () => {
    let deaf = true;
    const key = testAgents[6]?.validatorKey;
    const on = await started(({ to }) => (deaf && to === key ? 'lost' : 2));
    await on.clock.advance(30 * SECOND_MS, () => on.node(0).consensus().epoch >= 2);
    expect(on.node(6).consensus().epoch).toBe(0);
    deaf = false;
    await reached(on, on.node(0).consensus().epoch, 10 * SECOND_MS);
  });
});

describe('a validator that equivocates', { timeout: TIMEOUT_MS }, () => {
  /** Two finalize votes of the sixth, for blocks that do not exist, sent to everybody in its name. */
  function equivocate(on: NodeCluster): { readonly epoch: number; readonly view: number } {
    const { epoch, view } = on.node(0).consensus();
    const liar = testAgents[5];
    for (const block of ['11'.repeat(32), '22'.repeat(32)]) {
      const subject = { kind: 'finalize', epoch, view: view + 1, block } as const;
      const signature = liar?.signAsValidator(voteSigningRoot(on.genesis.chainId, subject)) ?? '';
      const vote: Vote = { ...subject, validator: 5, signature };
      on.say(5, encodeConsensusMessage({ type: 'vote', vote }));
    }
    return { epoch, view: view + 1 };
  }

  it('is reported by those who saw it, slashed once, and out of the set at the next epoch', async () => {
    const on = await started();
    const { epoch, view } = equivocate(on);
    const key = testAgents[5]?.validatorKey ?? '';
    const offence = () => on.node(0).final().state.get('offence', key, `${epoch}`, `${view}`);
    expect(await on.clock.advance(20 * SECOND_MS, () => offence() !== undefined)).toBe(true);
    expect(offence()).toMatchObject({ slashed: 5_000, reward: 500 });
    await reached(on, epoch + 1);
    expect(
      on
        .node(0)
        .validators()
        .validators.some((one) => one.key === key),
    ).toBe(false);
    expect(on.node(0).validators().others).toMatchObject([{ key, status: 'jailed', bond: 5_000 }]);
    await on.clock.advance(10 * SECOND_MS);
    expect(on.node(0).final().state.get('validator', key)?.bond).toBe(5_000);
    // As a rule one report is paid for: the others saw it waiting.
    let reports = 0;
    for (let height = 1; height <= on.node(0).final().height; height += 1) {
      const transactions = (await on.node(0).store.blockAt(height))?.block.transactions ?? [];
      reports += transactions.filter(({ type }) => type === 'submit_equivocation').length;
    }
    expect(reports).toBe(1);
  });
});
