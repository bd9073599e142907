/** A network for measuring: its own folder, free ports, agents that can pay for a lot; gone when the process ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { dim, green, say } from '../lib/output.ts';
import { waitReady } from '../testnet/api.ts';
import type { NodeSettings } from '../testnet/files.ts';
import { ROOT, Testnet } from '../testnet/testnet.ts';

/** Tokens of each agent: a transfer burns 200 of gas, and a run must never end for want of them. */
const BALANCE = 1_000_000_000;
/** Milliseconds for all nodes to come up: many processes share few cores, and each greets each other once. */
const READY_MS = 60_000;
const READY_MS_PER_NODE = 12_000;
/** Nodes that come up at the same time, for each core: more only wait for each other. */
const STARTING_PER_CORE = 2;
/** What the local preset's timers are made for; the load of a view on one machine grows with the square of the nodes. */
const TIMERS_MADE_FOR = 7;
const LEADER_TIMEOUT_MS = 320;
const ADVANCE_TIMEOUT_MS = 1_000;
const RESEND_MS = 500;
/** Requests that the load may make at each node a second: it comes from one address, where real wallets have their own. */
const LOAD_LIMIT = { perSecond: 20_000, burst: 40_000 } as const;

export interface Folder {
  readonly path: string;
  remove(): void;
}

/** A folder below the system's temporary one, removed when the process ends at the latest. */
export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'dao-gov-'));
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  process.on('exit', remove);
  return { path, remove };
}

/** The first signal ends this process in order: what hangs on its `exit` event is run. */
export function endOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
}

/**
 * Settings of a network for measuring. All its processes share this machine, so a view of many validators takes longer
 * than the local preset's timers allow: above seven they grow with the square of the number of validators.
 * @param slower how much longer still, for a slow or busy machine; 1 for not
 */
export function benchSettings(validators: number, slower = 1): Required<NodeSettings> {
  const factor = slower * Math.max(1, (validators / TIMERS_MADE_FOR) ** 2);
  return {
    timing: {
      leaderTimeoutMs: Math.round(LEADER_TIMEOUT_MS * factor),
      advanceTimeoutMs: Math.round(ADVANCE_TIMEOUT_MS * factor),
      resendMs: Math.round(RESEND_MS * factor),
    },
    limits: { reads: LOAD_LIMIT, writes: LOAD_LIMIT },
  };
}

/** The files of a network of `validators` nodes, of which none runs. */
export async function createNetwork(folder: Folder, validators: number, slower = 1): Promise<Testnet> {
  const preset = JSON.parse(readFileSync(join(ROOT, 'config/testnet.json'), 'utf8'));
  const presetFile = join(folder.path, 'preset.json');
  writeFileSync(presetFile, JSON.stringify({ ...preset, agent: { ...preset.agent, balance: BALANCE } }));
  const testnet = await Testnet.create({
    directory: join(folder.path, 'net'),
    captures: join(ROOT, 'data'),
    attached: true,
    ports: 'free',
    preset: presetFile,
    validators,
    settings: benchSettings(validators, slower),
  });
  process.prependListener('exit', () => testnet.killNow());
  return testnet;
}

/** Starts `validators` processes and waits until all follow the chain. */
export async function startNetwork(folder: Folder, validators: number, slower = 1): Promise<Testnet> {
  const begun = Date.now();
  say(dim(`starting ${validators} nodes …`));
  const testnet = await createNetwork(folder, validators, slower);
  await testnet.startAll(availableParallelism() * STARTING_PER_CORE);
  await waitReady(testnet, testnet.nodes, undefined, READY_MS + READY_MS_PER_NODE * validators);
  say(`${green('ready')} ${validators} nodes ${dim(`in ${((Date.now() - begun) / 1_000).toFixed(1)} s`)}`);
  return testnet;
}
