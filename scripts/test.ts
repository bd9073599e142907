/**
 * `npm test`: everything that CI runs, stage by stage, stopping at the first stage that fails.
 * The last line is always `tests: N passed, N failed`; a failed stage that is not a test run counts as one failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..');
const SECOND_MS = 1_000;

interface Stage {
  readonly name: string;
  readonly proves: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Whether the command is a vitest run, whose tests are counted. */
  readonly tests: boolean;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const npmScript = (name: string, proves: string): Stage => ({
  name,
  proves,
  command: ['npm', 'run', '--silent', name],
  tests: false,
});

const vitestProject = (name: string, proves: string): Stage => ({
  name,
  proves,
  command: ['vitest', 'run', '--project', name],
  tests: true,
});

const STAGES: readonly Stage[] = [
  npmScript('check', 'types, lint, import directions, unused code, tidiness'),
  vitestProject('unit', 'every room by itself, and simulated clusters'),
  npmScript('build', 'the explorer for the browser'),
  {
    name: 'install-prometheus',
    proves: 'real servers for the lab',
    command: ['node', 'scripts/install-prometheus.ts', '--or-skip'],
    tests: false,
  },
  vitestProject('e2e', 'seven real processes, and the lab'),
  npmScript('install-chromium', 'a browser and a Chinese font on this machine'),
  vitestProject('browser', 'the explorer of a real testnet'),
];

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

const vitestReport = z
  .object({ numPassedTests: z.number(), numFailedTests: z.number(), numPendingTests: z.number() })
  .transform(
    (report): Counts => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
    }),
  );

function readCounts(file: string): Counts {
  try {
    return vitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return NONE; // vitest died before it could report; its exit code tells
  }
}

function runStage(stage: Stage, reportFile: string): { readonly ok: boolean; readonly counts: Counts } {
  const [program, ...args] = stage.command;
  const reporting = stage.tests ? ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`] : [];
  const binaries = [dirname(process.execPath), join(ROOT, 'node_modules/.bin')];
  const { status, error } = spawnSync(program, [...args, ...reporting], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH: [...binaries, process.env.PATH ?? ''].join(delimiter) },
  });
  if (error) console.error(`${program}: ${error.message}`);
  const ok = status === 0;
  const counts = stage.tests ? readCounts(reportFile) : NONE;
  return { ok, counts: ok || counts.failed > 0 ? counts : { ...counts, failed: 1 } };
}

function main(): boolean {
  const reports = mkdtempSync(join(tmpdir(), 'dao-gov-test-'));
  let total = NONE;
  let failedStage: string | undefined;
  for (const [index, stage] of STAGES.entries()) {
    console.log(`\n=== ${index + 1}/${STAGES.length} ${stage.name}: ${stage.proves} ===`);
    const startMs = performance.now();
    const { ok, counts } = runStage(stage, join(reports, `${stage.name}.json`));
    const seconds = ((performance.now() - startMs) / SECOND_MS).toFixed(1);
    console.log(`=== ${stage.name} ${ok ? 'ok' : 'FAILED'} in ${seconds} s ===`);
    total = {
      passed: total.passed + counts.passed,
      failed: total.failed + counts.failed,
      skipped: total.skipped + counts.skipped,
    };
    if (!ok) {
      failedStage = stage.name;
      break;
    }
  }
  rmSync(reports, { recursive: true, force: true });
  console.log('');
  if (failedStage) console.log(`stopped at stage ${failedStage}; repeat it with \`${repeatCommand(failedStage)}\``);
  if (total.skipped > 0) console.log(`skipped: ${total.skipped}`);
  console.log(`tests: ${total.passed} passed, ${total.failed} failed`);
  return failedStage === undefined;
}

function repeatCommand(stageName: string): string {
  const stage = STAGES.find(({ name }) => name === stageName);
  return `npm run ${stage?.tests ? 'test:' : ''}${stageName}`;
}

process.exitCode = main() ? 0 : 1;
