/**
 * What a network that diagnoses the lab has otherwise than the presets say: a challenge window in which the fix shows,
 * and agents that measure as briefly as the lab's minutes are short.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../testnet/testnet.ts';

/** Rates are means over five seconds, users in the queue take as long again: then the symptom must stay away. */
const CHALLENGE_WINDOW_MS = 30_000;
const OUTCOME = { holdMs: 6_000, pollMs: 1_000 } as const;

/** Writes preset and policy below a folder. @returns their paths, as `Testnet.up` takes them */
export function writeOutcomeTerms(folder: string): { readonly preset: string; readonly policy: string } {
  const files = { preset: join(folder, 'preset.json'), policy: join(folder, 'policy.json') };
  const preset = read('config/testnet.json');
  write(files.preset, { ...preset, params: { ...preset.params, challengeWindowMs: CHALLENGE_WINDOW_MS } });
  const policy = read('config/agent-policy.json');
  write(files.policy, { ...policy, outcome: { ...policy.outcome, ...OUTCOME } });
  return files;
}

const read = (path: string): Record<string, object> => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const write = (file: string, value: object): void => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
