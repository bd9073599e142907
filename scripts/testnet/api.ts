/** What the scripts ask of a node's gateway. */
import { type ApiClient, createClient } from '@dao-gov/node/client';
import { type Testnet, TestnetError } from './testnet.ts';

const POLL_MS = 100;

export const clientOf = (testnet: Testnet, node: number): ApiClient => createClient({ baseUrl: testnet.url(node) });

/** Polls until `check` gives a value. @throws TestnetError with what was waited for, when the time is over */
export async function waitFor<T>(
  what: string,
  withinMs: number,
  check: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + withinMs;
  let last = '';
  for (;;) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error instanceof Error ? ` (${error.message})` : '';
    }
    if (Date.now() > end) throw new TestnetError(`${what}: not within ${withinMs / 1_000} s${last}`);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

export async function isReady(testnet: Testnet, node: number): Promise<boolean> {
  try {
    return (await fetch(`${testnet.url(node)}/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** Waits until the given nodes follow the chain; tells of each as it comes. @throws TestnetError naming its log file */
export async function waitReady(
  testnet: Testnet,
  nodes: readonly number[] = testnet.nodes,
  onReady: (node: number, count: number) => void = () => {},
  withinMs = 60_000,
): Promise<void> {
  let count = 0;
  await Promise.all(
    nodes.map(async (node) => {
      await waitFor(`node ${node} ready, see ${testnet.logFile(node)}`, withinMs, async () => {
        if (testnet.pid(node) === null) throw new TestnetError(`its process ended`);
        return isReady(testnet, node);
      });
      count += 1;
      onReady(node, count);
    }),
  );
}

export interface NodeStatus {
  readonly node: number;
  readonly pid: number | null;
  readonly url: string;
  readonly state: 'ready' | 'joining' | 'down';
  /** Its agent; "full node" for one that does not validate. */
  readonly role: string;
  readonly height: number | null;
  readonly hash: string | null;
  readonly view: number | null;
  readonly peers: number | null;
}

export async function statusOf(testnet: Testnet, node: number): Promise<NodeStatus> {
  const pid = testnet.pid(node);
  const base = { node, pid, url: testnet.url(node) };
  const gone = { height: null, hash: null, view: null, peers: null, role: '' } as const;
  if (pid === null) return { ...base, ...gone, state: 'down' };
  try {
    const info = await clientOf(testnet, node).chain();
    return {
      ...base,
      state: info.ready ? 'ready' : 'joining',
      role: info.node.agent?.name ?? (info.node.validator ? '' : 'full node'),
      height: info.height,
      hash: info.hash,
      view: info.view,
      peers: info.peers,
    };
  } catch {
    return { ...base, ...gone, state: 'joining' };
  }
}
