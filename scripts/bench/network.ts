/** A network for measuring: its own folder, free ports, agents that can pay for a lot; gone when the process ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dim, green, say } from '../lib/output.ts';
import { waitReady } from '../testnet/api.ts';
import { ROOT, Testnet } from '../testnet/testnet.ts';

/** Tokens of each agent: a transfer burns 200 of gas, and a run must never end for want of them. */
const BALANCE = 1_000_000_000;
/** Milliseconds for all nodes to come up: many processes share few cores. */
const READY_MS_MAX = 120_000;

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

/** The files of a network of `validators` nodes, of which none runs. */
export async function createNetwork(folder: Folder, validators: number): Promise<Testnet> {
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
  });
  process.prependListener('exit', () => testnet.killNow());
  return testnet;
}

/** Starts `validators` processes and waits until all follow the chain. */
export async function startNetwork(folder: Folder, validators: number): Promise<Testnet> {
  const testnet = await createNetwork(folder, validators);
  for (const node of testnet.nodes) testnet.start(node);
  const begun = Date.now();
  await waitReady(testnet, testnet.nodes, undefined, READY_MS_MAX);
  say(`${green('ready')} ${validators} nodes ${dim(`in ${((Date.now() - begun) / 1_000).toFixed(1)} s`)}`);
  return testnet;
}
