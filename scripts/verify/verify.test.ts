import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../node/src/testing/audit-kit.ts';
import { challengeVote } from '../../node/src/testing/dispute-kit.ts';

const SCRIPT = join(import.meta.dirname, '../verify.ts');
let folder: string;
let bundle: string;
let genesis: string;
/** Of a claim that fell to a challenge, on a chain with the same genesis. */
let disputed: string;

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: readonly string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [SCRIPT, ...args],
      { env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
const lastLine = ({ stdout }: Run): unknown => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  const chain = new CaseChain();
  chain.open();
  chain.vote(chain.claim(), divided);
  chain.solve();
  const text = bundleText(await chain.bundle());
  bundle = join(folder, 'INC-0001.json');
  genesis = join(folder, 'genesis.json');
  await writeFile(bundle, text);
  await writeFile(join(folder, 'forged.json'), text.replace('"rootCause":"stock-db"', '"rootCause":"other-db"'));
  await writeFile(genesis, chain.genesisText());
  const other = new CaseChain();
  other.open();
  other.vote(other.claim('<b>cart</b>'), divided);
  other.deliver();
  other.vote(other.dispute(), { ...challengeVote('For'), dependency_explorer: 'Against' });
  disputed = join(folder, 'disputed.json');
  await writeFile(disputed, bundleText(await other.bundle()));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('npm run verify', () => {
  it('exits 0 for a bundle that holds, with every step and the judgment in both languages', async () => {
    const result = await run(bundle, '--genesis', genesis);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('VERIFIED');
    expect(result.stdout.match(/^✓/gm)).toHaveLength(18);
    expect(result.stdout).toContain('Agreed root cause: stock-db');
    expect(result.stdout).toContain('一致认定的根因：stock-db');
  });

  it('prints the judgment in the language that was asked for', async () => {
    const { stdout } = await run(bundle, '--genesis', genesis, '--language', 'zh');
    expect(stdout).toContain('一致认定的根因');
    expect(stdout).not.toContain('Agreed root cause');
  });

  it('ends with one JSON object when asked', async () => {
    const result = await run(bundle, '--genesis', genesis, '--json');
    const steps = expect.arrayContaining([
      { step: 'parse', ok: true },
      { step: 'verdict', ok: true },
    ]);
    expect(lastLine(result)).toEqual({ ok: true, steps, seconds: expect.any(Number) });
  });

  it('exits 1 for a bundle that does not hold, naming the step, without a judgment', async () => {
    const result = await run(join(folder, 'forged.json'), '--genesis', genesis, '--json');
    expect(result.code).toBe(1);
    expect(lastLine(result)).toMatchObject({ ok: false, failedStep: expect.any(String) });
    expect(result.stdout).toContain('✗');
    expect(result.stdout).not.toContain('JUDGMENT');
  });

  it.each([
    ['en', 'WAS UPHELD, decided by the votes', '质疑'],
    ['zh', '该质疑成立，由投票裁定', 'UPHELD'],
  ])('prints the judgment alone in %s, with the challenge and what it overturned', async (language, own, foreign) => {
    const result = await run(disputed, '--genesis', genesis, '--judgment', language);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain(own);
    expect(result.stdout).not.toContain(foreign);
    expect(result.stdout).not.toContain('VERIFIED');
    expect(result.stderr).toContain('VERIFIED');
  });

  it('writes the judgment as one printable page in both languages, in which nothing of the file is markup', async () => {
    const page = join(folder, 'judgment.html');
    const result = await run(disputed, '--genesis', genesis, '--judgment', 'html', '--out', page);
    expect(result).toMatchObject({ code: 0, stdout: '' });
    const html = await readFile(page, 'utf8');
    for (const text of ['<!doctype html>', '@page', '判决书', 'Judgment', 'WAS UPHELD', '&lt;b>cart&lt;/b>']) {
      expect(html).toContain(text);
    }
    expect(html).not.toMatch(/<b>|<script|https?:\/\//);
    expect(html.match(/<tr>/g)).toHaveLength(19);
  });

  it('prints no judgment of a bundle that does not hold', async () => {
    const page = join(folder, 'forged.html');
    const result = await run(join(folder, 'forged.json'), '--genesis', genesis, '--judgment', 'html', '--out', page);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    await expect(readFile(page)).rejects.toThrow('ENOENT');
  });

  it('exits 1 when the genesis file is that of another network', async () => {
    const result = await run(bundle, '--genesis', bundle, '--json');
    expect(result.code).toBe(1);
    expect(lastLine(result)).toMatchObject({ failedStep: 'genesis' });
  });

  it.each([
    ['no genesis', (): readonly string[] => [bundle]],
    ['no bundle', () => ['--genesis', genesis]],
    ['an unknown option', () => [bundle, '--genesis', genesis, '--fast']],
    ['a file for no judgment', () => [bundle, '--genesis', genesis, '--out', join(folder, 'x')]],
    ['an unknown form of the judgment', () => [bundle, '--genesis', genesis, '--judgment', 'pdf']],
    ['an unknown language', () => [bundle, '--genesis', genesis, '--language', 'de']],
    ['a bundle that is not there', () => [join(folder, 'nothing.json'), '--genesis', genesis]],
    ['a genesis file that is a folder', () => [bundle, '--genesis', folder]],
  ])('exits 2 with %s and says why', async (_, args) => {
    const result = await run(...args());
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/error/i);
  });

  it('teaches how it is used', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const word of ['--genesis', 'canonical JSON', 'Exit codes', 'npm run verify --'])
      expect(stdout).toContain(word);
  });
});
