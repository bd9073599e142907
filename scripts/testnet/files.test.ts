import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composePlacement, createNetwork } from './files.ts';
import { ROOT } from './testnet.ts';

const PRESET = join(ROOT, 'config/testnet.json');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dao-gov-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const configOf = (node: number) => JSON.parse(readFileSync(join(folder, `node-${node}`, 'config.json'), 'utf8'));

describe('the files of a network', () => {
  it('have seven nodes with an agent each', () => {
    const { genesis } = createNetwork(folder, PRESET, composePlacement);
    expect(genesis.validators).toHaveLength(7);
    expect(new Set(genesis.agents.map(({ role }) => role)).size).toBe(7);
    expect(configOf(7).agent.role).toBe('solution_engineer');
  });

  it.each([4, 9, 25])('have %d validators, bonded by the agents, and chain-only nodes beyond seven', (validators) => {
    const { genesis } = createNetwork(folder, PRESET, composePlacement, validators);
    const agents = new Set(genesis.agents.map(({ address }) => address));
    expect(agents.size).toBe(Math.min(7, validators));
    expect(genesis.validators).toHaveLength(validators);
    for (const { owner } of genesis.validators) expect(agents).toContain(owner);
    expect(configOf(validators).agent === undefined).toBe(validators > 7);
    expect(existsSync(join(folder, `node-${validators}`, 'wallet.key'))).toBe(validators <= 7);
  });

  it('have agents only where they are asked for, and a wallet for everyone', () => {
    createNetwork(folder, PRESET, { ...composePlacement, agents: [5] });
    expect([1, 5, 7].map((node) => configOf(node).agent?.role)).toEqual([undefined, 'probability_oracle', undefined]);
    expect(existsSync(join(folder, 'node-1', 'wallet.key'))).toBe(true);
  });

  it.each([3, 26, 7.5])('refuse %d validators', (validators) => {
    expect(() => createNetwork(folder, PRESET, composePlacement, validators)).toThrow(RangeError);
  });
});
