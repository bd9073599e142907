/**
 * Whole nodes in one process on networks that a test brings along, such as real ones: the real host, consensus and
 * execution over memory stores, on a clock that runs. A test waits for what the nodes make final.
 */
import { ChainNode, WIDE_AREA_TIMING } from '../host/index.ts';
import { type Clock, type Network, silentTelemetry } from '../ports/index.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { Verifier } from '../protocol/crypto/verifier.ts';
import { intrinsicGas } from '../protocol/gas.ts';
import type { Genesis } from '../protocol/genesis.ts';
import type { TransactionEnvelope } from '../protocol/wire.ts';
import { openMemoryLog, openMemoryStore } from '../storage/index.ts';
import { cachedVerifier } from './cached-verifier.ts';
import { developmentGenesis, type TestAgent, testAgents } from './chain-kit.ts';

/** Heartbeats come quickly, so that a test sees blocks without giving the nodes work. */
const HEARTBEAT_MS = 200;

/** A loaded machine must not look like a silent leader. */
const PATIENT = WIDE_AREA_TIMING;

/** The first `validators` of the test agents take part; all seven have accounts. */
export function liveGenesis(validators: number): Genesis {
  const { validators: all, ...rest } = developmentGenesis({ params: { heartbeatMs: HEARTBEAT_MS } });
  return { ...rest, validators: all.slice(0, validators), timestampMs: Date.now() - 1_000 };
}

export interface LiveCluster {
  readonly nodes: readonly ChainNode[];
  /** What made a node give up. */
  readonly fatal: readonly unknown[];
  /** Resolves when each of these nodes (all, when absent) has a final block that is so much higher than now. */
  grow(blocks: number, of?: readonly number[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * One node for each network, with the keys of the test agents in the same order.
 * @param validators more than networks where some seats are left to others
 * @param verifier shared by all nodes: by default each signature is checked once for the whole cluster
 */
export async function startLiveCluster(
  networks: readonly Network[],
  clock: Clock,
  validators: number = networks.length,
  verifier: Verifier = cachedVerifier(),
): Promise<LiveCluster> {
  const genesis = liveGenesis(validators);
  const fatal: unknown[] = [];
  const nodes = await Promise.all(
    networks.map(async (network, index) => {
      const agent = testAgents[index] as TestAgent; // there are no more networks than agents
      return ChainNode.start({
        ...{ genesis, network, clock, verifier, telemetry: silentTelemetry, timing: PATIENT },
        name: `node-${index + 1}`,
        store: await openMemoryStore(new Map()),
        log: openMemoryLog([]),
        signer: { key: agent.validatorKey, sign: agent.signAsValidator },
        onFatal: (error) => fatal.push(error),
      });
    }),
  );
  const reaches = (node: ChainNode, height: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (node.final().height >= height) resolve();
    };
    const unsubscribe = node.subscribe(look);
    look();
    return promise.finally(unsubscribe);
  };
  return {
    ...{ nodes, fatal },
    grow: async (blocks, of = [...nodes.keys()]) => {
      const chosen = of.flatMap((index) => nodes[index] ?? []);
      await Promise.all(chosen.map((node) => reaches(node, node.final().height + blocks)));
    },
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** A signed transfer of a few tokens. */
export function transferOf(agent: TestAgent, nonce: number, chainId: string, to?: string): TransactionEnvelope {
  const { wallet } = agent;
  const receiver = to ?? testAgents.find((other) => other !== agent)?.wallet.address;
  const call = { type: 'transfer', args: canonicalText({ to: receiver, amount: 1 }), evidence: [] } as const;
  const { address: sender, publicKey } = wallet;
  const money = { gasPrice: 1, gasLimit: intrinsicGas(call) };
  return { transaction: wallet.sign({ ...call, ...money, chainId, sender, publicKey, nonce }), blobs: [] };
}
