import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXPLORER_DIST, ROOT } from '../testnet/testnet.ts';

/** Newest change below a folder, in milliseconds since the Unix epoch. */
function newestMs(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}

/** Builds the explorer when it was never built or its sources are newer: the only build step of the project. */
export async function ensureExplorer(say: (line: string) => void): Promise<void> {
  const index = join(EXPLORER_DIST, 'index.html');
  const sources = [join(ROOT, 'explorer/src'), join(ROOT, 'node/src/protocol')];
  if (existsSync(index) && statSync(index).mtimeMs > Math.max(...sources.map(newestMs))) return;
  say('building the explorer (once) …');
  const output: Buffer[] = [];
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn('npm', ['run', 'build', '--silent'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`the explorer does not build:\n${Buffer.concat(output).toString()}`);
}
