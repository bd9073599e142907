/** Does one perturbation to real processes and waits until every node that it hit follows the chain again. */
import type { Load } from '../bench/load.ts';
import { clientOf, isReady, waitFor } from '../testnet/api.ts';
import type { Testnet } from '../testnet/testnet.ts';
import type { Kind, Perturbation } from './plan.ts';

/** Milliseconds that a node gets to follow again: generous, machines are shared. */
const RECOVERY_MS_MAX = 120_000;
const LOOK_MS = 100;

export interface Perturbed {
  readonly kind: Kind;
  readonly nodes: readonly number[];
  /** From the moment the nodes were let go until the last of them followed the chain and the chain moved on. */
  readonly recoveredMs: number;
  /** Blocks that became final while the nodes were away. */
  readonly blocksMeanwhile: number;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** How each kind begins, and how it ends; what takes time is done to all nodes at once. */
const DOING: Readonly<
  Record<
    Kind,
    {
      readonly begin: (testnet: Testnet, node: number) => Promise<unknown> | boolean;
      readonly end: (testnet: Testnet, node: number) => unknown;
    }
  >
> = {
  kill: { begin: (testnet, node) => testnet.stop(node, 'SIGKILL'), end: (testnet, node) => testnet.start(node) },
  restart: { begin: (testnet, node) => testnet.stop(node), end: (testnet, node) => testnet.start(node) },
  pause: { begin: (testnet, node) => testnet.pause(node), end: (testnet, node) => testnet.resume(node) },
  disconnect: { begin: (testnet, node) => testnet.disconnect(node), end: (testnet, node) => testnet.heal(node) },
};

/** @throws TestnetError when a node does not follow again in time */
export async function perturb(testnet: Testnet, load: Load, { kind, nodes, holdMs }: Perturbation): Promise<Perturbed> {
  const before = load.blocks.length;
  for (const node of nodes) load.setAway(node, true);
  await Promise.all(nodes.map((node) => DOING[kind].begin(testnet, node)));
  await pause(holdMs);
  const blocksMeanwhile = load.blocks.length - before;
  for (const node of nodes) DOING[kind].end(testnet, node);
  const letGo = performance.now();
  // Behind is what a node is until it has a block that became final after it was let go.
  const beyond = (load.blocks.at(-1)?.height ?? 0) + 1;
  const followed = await Promise.all(
    nodes.map((node) =>
      waitFor(`node ${node} follows again after ${kind}, see ${testnet.logFile(node)}`, RECOVERY_MS_MAX, async () => {
        if (!(await isReady(testnet, node))) return false;
        // From here on it takes its share of the load: where all were away, nothing else would move the chain.
        load.setAway(node, false);
        if ((await clientOf(testnet, node).chain()).height < beyond) return false;
        return performance.now();
      }),
    ),
  );
  await pause(LOOK_MS);
  return { kind, nodes, recoveredMs: Math.round(Math.max(...followed) - letGo), blocksMeanwhile };
}
