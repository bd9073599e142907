import type { IncidentDetail, SopState, Step } from '@dao-gov/node/protocol';
import { describe, expect, test } from 'vitest';
import { sopStages, stepDue } from './sop-stages.ts';

type Progress = NonNullable<Parameters<typeof sopStages>[0]>;

/** An incident in this state that has performed these steps and seen proposals with these outcomes. */
const incident = (
  state: SopState,
  steps: readonly Step[] = [],
  outcomes: readonly IncidentDetail['proposals'][number]['status'][] = [],
): Progress =>
  ({ state, steps: steps.map((step) => ({ step })), proposals: outcomes.map((status) => ({ status })) }) as Progress;

const marks = (progress: Progress | null): string =>
  sopStages(progress)
    .map(({ state, status }) => `${state}:${status}`)
    .join(' ');

describe('stages', () => {
  test('are all ahead before the first incident', () => {
    expect(sopStages(null).map(({ status }) => status)).toEqual(Array(6).fill('ahead'));
  });

  test.each(['Init', 'Data_Collected', 'Root_Cause_Proposed', 'Consensus', 'Solution', 'Finalized'] as const)(
    '%s is the current one, with those before it done',
    (state) => {
      const stages = sopStages(incident(state));
      const current = stages.findIndex((stage) => stage.state === state);
      expect(stages.map(({ status }) => status)).toEqual(
        stages.map((_, index) => (index < current ? 'done' : index === current ? 'current' : 'ahead')),
      );
    },
  );

  test('of an inconclusive incident show how far it came', () => {
    expect(marks(incident('Inconclusive', ['submit_data_collection'], ['rejected']))).toBe(
      'Init:done Data_Collected:done Root_Cause_Proposed:done Consensus:ahead Solution:ahead Inconclusive:current',
    );
    expect(marks(incident('Inconclusive'))).toBe(
      'Init:done Data_Collected:ahead Root_Cause_Proposed:ahead Consensus:ahead Solution:ahead Inconclusive:current',
    );
  });
});

describe('the step that is due', () => {
  const DEADLINE_MS = 3_000;
  const OPENED_MS = 100_000;
  const due = (step: Step | '', waitedMs: number, deadlineMs: number | null = DEADLINE_MS) =>
    stepDue({ stepDue: step, stepOpenedAtMs: OPENED_MS }, OPENED_MS + waitedMs, deadlineMs);

  test('is none while votes are out', () => {
    expect(due('', 500)).toBeNull();
  });

  test('belongs to its own role within the deadline', () => {
    expect(due('submit_data_collection', 2_999)).toEqual({
      step: 'submit_data_collection',
      role: 'data_detective',
      alternates: [],
      waitedMs: 2_999,
    });
  });

  test('may be taken over by the next in the ring after each deadline', () => {
    expect(due('submit_data_collection', DEADLINE_MS)?.alternates).toEqual(['dependency_explorer']);
    expect(due('submit_solution', 2 * DEADLINE_MS)?.alternates).toEqual(['alert_receiver', 'process_scheduler']);
  });

  test('names nobody else while the deadline is not known, and never waits negative time', () => {
    expect(due('triage', 60_000, null)?.alternates).toEqual([]);
    expect(due('triage', -5)?.waitedMs).toBe(0);
  });
});
