import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { readCapture } from '@dao-gov/agent-runtime/telemetry';
import type { FaultAssessment } from '@dao-gov/node/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT } from '../testnet/testnet.ts';
import { findCases } from './cases.ts';
import { usageIn } from './model-usage.ts';
import { stageCases } from './stage.ts';
import { answerOfIncident } from './verdict.ts';

let directory = '';
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('cases laid out for agents', () => {
  test('tell nothing but telemetry: no truth, no telling id', async () => {
    directory = await mkdtemp(join(tmpdir(), 'stage-'));
    const { cases } = await findCases(join(ROOT, 'data'));
    const staged = await stageCases(cases, directory);
    expect(staged.map(({ found }) => found.name)).toEqual(cases.map(({ name }) => name));
    for (const [index, { found, alert }] of staged.entries()) {
      const folder = join(directory, alert.source);
      expect(alert.source).toBe(`case-${String(index + 1).padStart(4, '0')}`);
      expect(await readdir(folder)).not.toContain('truth.json');
      expect(await readFile(join(folder, 'capture.json'), 'utf8')).not.toContain(found.name);
      const [original, laid] = [await readCapture(found.folder), await readCapture(folder)];
      expect({ ...laid, id: original.id }).toEqual(original);
      expect(alert).toMatchObject({ node: original.alert.node, at: new Date(original.alert.atMs).toISOString() });
    }
  });

  test('may share an id, and may be compressed', async () => {
    directory = await mkdtemp(join(tmpdir(), 'stage-'));
    const sample = join(ROOT, 'data/report-train-buy');
    for (const name of ['a', 'b']) {
      const folder = join(directory, 'from', name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'truth.json'), await readFile(join(sample, 'truth.json')));
      for (const file of ['capture.json', 'metrics.csv', 'topology.csv']) {
        await writeFile(join(folder, `${file}.gz`), gzipSync(await readFile(join(sample, file))));
      }
    }
    const { cases } = await findCases(join(directory, 'from'));
    const staged = await stageCases(cases, join(directory, 'to'));
    expect(staged.map(({ alert }) => alert.source)).toEqual(['case-0001', 'case-0002']);
    expect((await readCapture(join(directory, 'to', 'case-0002'))).metrics.length).toBeGreaterThan(0);
  });
});

describe('the verdict of a chain', () => {
  const words = { en: 'a', zh: 'b' };
  const candidate = (node: string, probability: number) => ({
    ...{ node, probability, faultKind: 'cpu', path: ['web', node], reason: words },
  });
  const assessment: FaultAssessment = {
    ...{ kind: 'fault_assessment', incidentId: 'INC-0001', conclusive: true },
    candidates: [candidate('a', 700), candidate('b', 200)],
  };

  test('puts the accepted cause first, before what one agent held for more probable', () => {
    const incident = {
      state: 'Finalized',
      rootCause: 'b',
      faultKind: 'memory',
      proposals: [
        { status: 'rejected', rootCause: 'a', probability: 700 },
        { status: 'passed', rootCause: 'b', probability: 250 },
      ],
    } as const;
    const answer = answerOfIncident(incident, assessment);
    expect(answer).toMatchObject({ abstained: false, faultKind: 'memory', path: ['web', 'b'] });
    expect(answer.candidates[0]).toEqual({ node: 'b', probability: 0.25 });
    expect(answer.candidates[1]?.node).toBe('a');
    expect(answer.candidates[1]?.probability).toBeLessThan(0.25);
  });

  test('without an accepted cause is an abstention', () => {
    const incident = { state: 'Inconclusive', rootCause: '', faultKind: '', proposals: [] } as const;
    expect(answerOfIncident(incident, assessment)).toMatchObject({ abstained: true, path: [] });
    expect(answerOfIncident(incident, null).candidates).toEqual([]);
  });
});

test('what models used up is added over the nodes; without a price there is no cost', () => {
  const node = (requests: number, more = ''): string =>
    `# TYPE dao_gov_agent_model_requests_total counter\ndao_gov_agent_model_requests_total ${requests}\n${more}`;
  expect(usageIn([node(2), node(3), ''])).toMatchObject({ requests: 5, degraded: 0, cost: null });
  expect(usageIn([node(1, 'dao_gov_agent_model_cost_micros_total 1500000\n')]).cost).toBe(1.5);
});

test.each([
  [['--through-chain', '--reasoner', 'openai'], 'set OPENAI_BASE_URL or OPENAI_API_KEY'],
  [['--reasoner', 'openai'], 'needs --through-chain'],
  [['--through-chain', '--reasoner', 'prayer'], 'Allowed choices are builtin, openai'],
  [['--through-chain', '--at-once', '0'], 'it is a number from 1 up'],
])('%j is refused before anything starts', { timeout: 60_000 }, async (args, why) => {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...env } = process.env;
  const command = [join(ROOT, 'scripts/eval.ts'), '--captures', join(ROOT, 'data'), ...args];
  const run = promisify(execFile)(process.execPath, command, { env });
  await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
});
