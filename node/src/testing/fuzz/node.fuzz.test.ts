import { beforeAll, describe, expect, test } from 'vitest';
import type { Network, NodeKey } from '../../ports/index.ts';
import { canonicalText } from '../../protocol/canonical.ts';
import { intrinsicGas } from '../../protocol/gas.ts';
import { transactionHash } from '../../protocol/hashing.ts';
import { encodeConsensusMessage, encodeEnvelope, encodeSyncRequest, encodeSyncResponse } from '../../protocol/wire.ts';
import { type TestAgent, testAgents } from '../chain-kit.ts';
import { NodeCluster } from '../node-cluster.ts';
import type { Random } from '../random.ts';
import { mutated } from './mutate-bytes.ts';
import { fuzzAsync } from './runs.ts';
import { fuzzSamples, type Samples } from './samples.ts';

const RUNS = 2;
const MESSAGES = 400;
/** The last seat is the attacker's: a validator's key, and none of its manners. */
const ATTACKER = testAgents.length - 1;
const STEP_MS = 20;

let samples: Samples;
beforeAll(() => {
  samples = fuzzSamples();
});

const transfer = ({ wallet }: TestAgent, to: TestAgent, nonce: number) => {
  const call = { type: 'transfer', args: canonicalText({ to: to.wallet.address, amount: 5 }), evidence: [] } as const;
  const { address: sender, publicKey } = wallet;
  const money = { gasPrice: 1, gasLimit: intrinsicGas(call) };
  return {
    transaction: wallet.sign({ ...call, ...money, chainId: 'dao-gov-test', sender, publicKey, nonce }),
    blobs: [],
  };
};

interface Attacker {
  readonly network: Network;
  readonly victims: readonly NodeKey[];
  /** What the honest nodes say to it: the best samples there are. */
  readonly overheard: Uint8Array[];
}

/** Six honest nodes, and one seat that speaks by hand. */
async function surrounded(random: Random): Promise<{ readonly cluster: NodeCluster; readonly attacker: Attacker }> {
  const cluster = new NodeCluster();
  for (let index = 0; index < ATTACKER; index += 1) await cluster.start(index);
  const network = cluster.hub.join(testAgents[ATTACKER]?.validatorKey ?? '');
  const answers = samples.responses.map(encodeSyncResponse);
  const overheard: Uint8Array[] = [];
  await network.start({
    onConsensus: (_from, bytes) => void overheard.push(bytes),
    onTransaction: async () => 'accept',
    onSyncRequest: async () => mutated(random, answers),
    onAnnouncement: () => {},
    onPeerConnected: () => {},
    onPeerDisconnected: () => {},
  });
  const victims = testAgents.slice(0, ATTACKER).map(({ validatorKey }) => validatorKey);
  return { cluster, attacker: { network, victims, overheard } };
}

/** One message of any kind to one victim, or to all. */
function attack(random: Random, { network, victims, overheard }: Attacker, own: readonly Uint8Array[]): void {
  const victim = victims[random.below(victims.length)] ?? '';
  const kind = random.below(4);
  if (kind === 0) network.publishTransaction(mutated(random, samples.envelopes.map(encodeEnvelope)));
  else if (kind === 1) {
    const request = mutated(random, samples.requests.map(encodeSyncRequest));
    network.requestSync(victim, request, 1_000).catch(() => {});
  } else network.sendConsensus(victim, mutated(random, random.chance(0.5) && overheard.length > 0 ? overheard : own));
}

describe('a node among whose peers one sends rubbish of every kind', () => {
  test('lives, agrees with the others, and keeps nothing of it', async () => {
    const genuine = new Set(samples.envelopes.map(({ transaction }) => transactionHash(transaction)));
    const own = samples.messages.map(encodeConsensusMessage);
    await fuzzAsync('node', RUNS, async (random) => {
      const { cluster, attacker } = await surrounded(random);
      const [first, second] = testAgents as readonly [TestAgent, TestAgent];
      expect(await cluster.settle(0, transfer(first, second, 0))).toBe(true);
      for (let index = 0; index < MESSAGES; index += 1) {
        attack(random, attacker, own);
        if (index % 20 === 0) await cluster.clock.advance(STEP_MS);
      }
      expect(await cluster.settle(1, transfer(first, second, 1), 30_000)).toBe(true);
      expect(cluster.fatal).toEqual([]);
      for (const node of cluster.living()) {
        const { state } = node.final();
        expect(state.get('account', first.wallet.address)).toMatchObject({ nonce: 2 });
        // A mutation may leave a transaction as it was: that one is genuine, and waits like any other.
        expect(node.pending().filter(({ hash }) => !genuine.has(hash))).toEqual([]);
      }
      const lowest = Math.min(...cluster.heights());
      const hashes = await Promise.all(cluster.living().map(({ store }) => store.blockAt(lowest)));
      expect(new Set(hashes.map((stored) => stored?.hash)).size).toBe(1);
      for (let index = 0; index < ATTACKER; index += 1) await cluster.stop(index);
    });
  });
});
