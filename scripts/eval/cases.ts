/** Finds captures with their answers: capture folders anywhere below a directory, each with its truth.json. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { type Truth, truthSchema } from '@dao-gov/agent-runtime/telemetry';

export type Case = {
  readonly folder: string;
  /** The path below the directory, for people. */
  readonly name: string;
  readonly truth: Truth;
  /** The truth's own word, else the folder that the capture lies in. */
  readonly scenario: string;
};

export type CasesFound = { readonly cases: readonly Case[]; readonly withoutTruth: readonly string[] };

/** Folders of folders of captures are usual; deeper ones are not captures' any more. */
const DEPTH_MAX = 4;

export async function findCases(directory: string): Promise<CasesFound> {
  const cases: Case[] = [];
  const withoutTruth: string[] = [];
  for (const folder of await captureFolders(directory, DEPTH_MAX)) {
    const name = relative(directory, folder) || basename(folder);
    const truth = await truthOf(folder);
    if (truth === null) withoutTruth.push(name);
    else cases.push({ folder, name, truth, scenario: truth.scenario ?? scenarioOf(name) });
  }
  return { cases, withoutTruth };
}

async function captureFolders(folder: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'capture.json' || name === 'capture.json.gz')) return [folder];
  if (depth === 0) return [];
  const inner: string[] = [];
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  for (const name of names.toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }))) {
    inner.push(...(await captureFolders(join(folder, name), depth - 1)));
  }
  return inner;
}

/** `null` where nobody knows the answer. Throws for a truth.json of another shape. */
async function truthOf(folder: string): Promise<Truth | null> {
  let text: string;
  try {
    text = await readFile(join(folder, 'truth.json'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return truthSchema.parse(JSON.parse(text));
}

function scenarioOf(name: string): string {
  const parent = dirname(name);
  return parent === '.' ? 'all' : parent;
}
