import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeNodeProgram, nodeProgram } from './program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dao-gov-program-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a node starts from its sources until there are fewer files, also where no folder is for these yet', async () => {
  const cache = join(folder, 'not', 'there');
  expect(nodeProgram(cache)).toMatch(/agent-node\.ts$/);
  await makeNodeProgram(cache);
  expect(nodeProgram(cache)).toMatch(/not\/there\/.*agent-node\.mjs$/);
});

test('of earlier ones a few stay', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) mkdirSync(join(folder, `dao-gov-node-${name}`));
  await makeNodeProgram(folder);
  expect(readdirSync(folder)).toHaveLength(4);
});
