import type { IncidentDetail } from '@dao-gov/node/protocol';
import { expect, test } from 'vitest';
import { challengeWindowOf } from './challenge-window-state.ts';

type Window = Parameters<typeof challengeWindowOf>[0];
const solved: Window = { state: 'Solution', challengeEndsAtMs: 60_000, challenges: [] };
const challenge = (status: IncidentDetail['challenges'][number]['status'], openedAtMs: number) =>
  ({ status, openedAtMs }) as IncidentDetail['challenges'][number];

test('runs with block time', () => {
  expect(challengeWindowOf(solved, 12_000)).toEqual({ leftMs: 12_000, paused: false });
  expect(challengeWindowOf({ ...solved, challenges: [challenge('rejected', 20_000)] }, 12_000)?.paused).toBe(false);
});

test('stands still while a challenge is voted on, with what was left when it opened', () => {
  const challenged = { ...solved, challenges: [challenge('committing', 20_000)] };
  expect(challengeWindowOf(challenged, 0)).toEqual({ leftMs: 40_000, paused: true });
});

test('is none before the solution and after the end', () => {
  expect(challengeWindowOf({ ...solved, state: 'Finalized' }, 0)).toBeNull();
  expect(challengeWindowOf({ ...solved, state: 'Consensus', challengeEndsAtMs: 0 }, 0)).toBeNull();
});
