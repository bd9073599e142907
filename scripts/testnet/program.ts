/**
 * What a node's process runs: the sources as they are, or the same in a few files. A node loads some 1,500 modules, and
 * finding and linking them is two thirds of the processor time until it serves; seven at once wait for it on a small
 * machine. The few files are a cache beside the compiled code: made when a testnet is made, named by the sources they
 * come from, and never needed. A node that finds none for the sources as they are now starts from the sources.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = ['node/src', 'agent-runtime/src'] as const;
/** Programs by the name of their file; the second is the thread that the first one starts. */
const ENTRIES = {
  'agent-node': join(ROOT, 'agent-runtime/src/bin/agent-node.ts'),
  'analyst-thread': join(ROOT, 'agent-runtime/src/core/analyst-thread.ts'),
} as const;
/** As deep below the root as the rooms of the sources, whose paths to the configuration go on to hold. */
const CACHE = join(ROOT, 'node_modules/.cache');
const PREFIX = 'dao-gov-node-';
/** Earlier ones that stay: a running node may still start a thread from its own. */
const KEPT = 4;
/** They come with binaries that are found beside their own files. */
const NATIVE = ['classic-level', /^secp256k1/, '@chainsafe/hashtree'];

/** Runs nodes from the sources when it is set: for profiles that name them. */
export const FROM_SOURCES = 'DAO_GOV_FROM_SOURCES';

/** Changes with every source, every dependency and the runtime. */
function keyOfSources(): string {
  const hash = createHash('sha256').update(process.version);
  const add = (file: string): void => {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file}\0${mtimeMs}\0${size}\0`);
  };
  for (const folder of SOURCES) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
    for (const entry of files) if (entry.isFile()) add(join(entry.parentPath, entry.name));
  }
  add(join(ROOT, 'package-lock.json'));
  return hash.digest('hex').slice(0, 24);
}

const folderOf = (cache: string, key: string): string => join(cache, `${PREFIX}${key}`);

/** The script to start a node with. */
export function nodeProgram(cache = CACHE): string {
  const made = join(folderOf(cache, keyOfSources()), 'agent-node.mjs');
  return process.env[FROM_SOURCES] === undefined && existsSync(made) ? made : ENTRIES['agent-node'];
}

/** Makes the few files where they are missing. Takes a second or two. */
export async function makeNodeProgram(cache = CACHE): Promise<void> {
  const folder = folderOf(cache, keyOfSources());
  if (existsSync(folder)) return;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, 'making-'));
  try {
    await build({
      cwd: ROOT,
      input: ENTRIES,
      platform: 'node',
      external: NATIVE,
      logLevel: 'silent',
      output: { dir: making, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    });
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Somebody else made it meanwhile, or it cannot be made: the sources do as well.
    if (!existsSync(folder)) process.stderr.write(`nodes start from the sources: ${String(error)}\n`);
  }
  forgetOld(cache);
}

function forgetOld(cache: string): void {
  const made = readdirSync(cache)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => ({ folder: join(cache, name), at: statSync(join(cache, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { folder } of made.slice(KEPT)) rmSync(folder, { recursive: true, force: true });
}
