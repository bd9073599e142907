import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../testnet/testnet.ts';

const FOLDER = join(ROOT, 'data/run/bench');

/** Writes a page with the time in its name. @returns its path */
export function savePage(name: string, html: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${name}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.html`);
  writeFileSync(file, html);
  return file;
}
