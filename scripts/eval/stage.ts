/**
 * Lays cases out for agents: one folder of captures, telemetry only. Ids become numbers, because a recorded id may name
 * the fault ("cpu-train-1") and stands on chain as the alert's source; the answers stay where they are.
 */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { captureSource } from '@dao-gov/agent-runtime/telemetry';
import type { AlertInput } from '@dao-gov/node/protocol';
import { z } from 'zod';
import type { Case } from './cases.ts';

export type StagedCase = { readonly found: Case; readonly alert: AlertInput };

const TELEMETRY = ['metrics.csv', 'topology.csv', 'spans.jsonl', 'logs.jsonl'].flatMap((name) => [name, `${name}.gz`]);
const DESCRIPTIONS = ['capture.json', 'capture.json.gz'] as const;
const ID_DIGITS = 4;

const idOf = (index: number): string => `case-${String(index + 1).padStart(ID_DIGITS, '0')}`;

/** @param directory empty or missing */
export async function stageCases(cases: readonly Case[], directory: string): Promise<readonly StagedCase[]> {
  for (const [index, { folder }] of cases.entries()) await stage(folder, join(directory, idOf(index)), idOf(index));
  const known = new Map((await captureSource(directory).list()).map((summary) => [summary.id, summary]));
  return cases.map((found, index) => {
    const summary = known.get(idOf(index));
    if (summary === undefined) throw new Error(`${found.name} could not be laid out`);
    const { id, title, alert } = summary;
    const { node, metric, atMs } = alert;
    return { found, alert: { node, metric, at: new Date(atMs).toISOString(), source: id, title } };
  });
}

async function stage(from: string, to: string, id: string): Promise<void> {
  const names = await readdir(from);
  await mkdir(to, { recursive: true });
  for (const name of names.filter((name) => TELEMETRY.includes(name))) await symlink(join(from, name), join(to, name));
  const description = DESCRIPTIONS.find((name) => names.includes(name)) ?? DESCRIPTIONS[0];
  const bytes = await readFile(join(from, description));
  const text = (description.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const fields = z.looseObject({}).parse(JSON.parse(text));
  await writeFile(join(to, 'capture.json'), JSON.stringify({ ...fields, id }));
}
