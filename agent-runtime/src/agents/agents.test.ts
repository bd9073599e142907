import { readFile } from 'node:fs/promises';
import { ROLE_TITLES, ROLES, STEP_ROLE, STEPS } from '@dao-gov/node/protocol';
import { describe, expect, test } from 'vitest';
import { AGENT_ROLES, toolsFor } from './index.ts';

describe.each(ROLES)('%s', (role) => {
  const agent = AGENT_ROLES[role];

  test('knows its own steps, and no others', () => {
    expect(agent.role).toBe(role);
    expect(Object.keys(agent.steps)).toEqual(STEPS.filter((step) => STEP_ROLE[step] === role));
  });

  test('judges by a view of its own', () => {
    expect(agent.view.role).toBe(ROLE_TITLES[role].tag);
  });

  test('has a prompt that names it', async () => {
    const prompt = await readFile(agent.promptFile, 'utf8');
    expect(prompt).toContain(`You are ${ROLE_TITLES[role].tag}, the ${ROLE_TITLES[role].title}`);
  });

  test('states its duties in both languages', () => {
    expect(agent.duties.length).toBeGreaterThan(1);
    for (const { en, zh } of agent.duties) {
      expect(en).toMatch(/[a-z]/);
      expect(zh).toMatch(/\p{Script=Han}/u);
    }
  });

  test('has for every step the tools of whose step it is, and for votes the two that judge', () => {
    for (const step of STEPS) {
      const names = toolsFor(role, step).map(({ name }) => name);
      for (const { name } of AGENT_ROLES[STEP_ROLE[step]].tools) expect(names).toContain(name);
    }
    const voting = toolsFor(role, 'vote').map(({ name }) => name);
    expect(voting).toContain('check_evidence');
    expect(voting).toContain('judge_claim');
  });
});
