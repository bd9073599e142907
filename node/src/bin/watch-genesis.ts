/**
 * How a full node that nobody lists hears of a reset: the nodes of a development network write the new genesis into
 * the file that they share, and this looks at the file. A node with a file of its own is told by its operator.
 */
import { unwatchFile, watchFile } from 'node:fs';
import type { TelemetrySink } from '../ports/index.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { parseGenesis } from '../vm/index.ts';
import { readJson } from './config.ts';

/** Milliseconds between two looks: a reset is rare, and looking must cost nothing. */
const LOOK_MS = 1_000;

/** @returns the end of the watching */
export function watchGenesis(
  file: string,
  onChange: (genesis: Genesis) => Promise<void>,
  telemetry: TelemetrySink,
): () => void {
  const look = (): void => {
    Promise.resolve()
      .then(() => onChange(parseGenesis(readJson(file))))
      .catch((error) => telemetry.log('warn', 'the changed genesis file is not taken', { error: String(error) }));
  };
  watchFile(file, { interval: LOOK_MS, persistent: false }, look);
  return () => unwatchFile(file, look);
}
