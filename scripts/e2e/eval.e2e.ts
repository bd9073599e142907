/** `npm run eval -- --through-chain` as a user runs it: two captures, seven real processes, one score. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '../testnet/testnet.ts';

/** Generous: machines are shared, and nothing here asserts speed. */
const EVAL_MS_MAX = 600_000;

test(
  'two cases are scored by what the chain finalized',
  async ({ signal }) => {
    const captures = mkdtempSync(join(tmpdir(), 'eval-'));
    for (const name of ['cart-pool-exhaustion', 'report-train-buy']) {
      cpSync(join(ROOT, 'data', name), join(captures, name), { recursive: true });
    }
    const command = [join(ROOT, 'scripts/eval.ts'), '--captures', captures, '--through-chain', '--json'];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { signal });
    rmSync(captures, { recursive: true, force: true });
    expect(stderr).toMatch(/INC-000\d Finalized, .* cart-pool-exhaustion -> cart-store/);
    expect(stderr).toMatch(/INC-000\d Finalized, .* report-train-buy -> food-buy/);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      ...{ cases: 2, top1: 1, top3: 1, avg5: 1, abstained: 0 },
      ...{ brier: expect.any(Number), secondsPerCase: expect.any(Number) },
      baselines: { constantTop1: 0.5, constantTop3: 1 },
    });
  },
  EVAL_MS_MAX,
);
