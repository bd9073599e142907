/** Test-only: what every reasoner must do, whatever it is made of. It is asked about the report's own incident. */
import { STEP_ROLE, STEPS, type Step } from '@dao-gov/node/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { AGENT_ROLES, toolsFor } from '../../agents/index.ts';
import type { Findings } from '../../analysis/index.ts';
import { type Analyst, inlineAnalyst } from '../../core/analyst.ts';
import { TranscriptRecorder } from '../../core/evidence/transcript.ts';
import { SAMPLES } from '../../core/testing/agents-on-chain.ts';
import { blindAnalyst } from '../../core/testing/forged-analyst.ts';
import { captureSource } from '../../telemetry/index.ts';
import { ToolBox } from '../../tools/index.ts';
import { type Purpose, type ReasonedIntent, type Reasoner, type ReasoningTask, reasonedSchemas } from '../reasoner.ts';

const PURPOSES = Object.keys(reasonedSchemas) as readonly Purpose[];

const isStep = (purpose: Purpose): purpose is Step => STEPS.some((step) => step === purpose);

const MOTION: NonNullable<ReasoningTask['motion']> = {
  ...{ kind: 'parameters', to: '', amount: 0, treasury: 200_000, reason: 'Votes need more time.' },
  changes: [{ name: 'commitWindowMs', from: 10_000, value: 12_000 }],
  policy: { option: 'For', reason: { en: 'It is moderate.', zh: '变动适中。' } },
};

const PAST_CASE = { incidentId: 'INC-0000', rootCause: 'food-buy', faultKind: 'errors', outcome: 'verified' } as const;

export interface Desk {
  readonly task: ReasoningTask;
  readonly tools: ToolBox;
  readonly transcript: TranscriptRecorder;
}

/** The task and the tools of one duty in the report's incident. */
export function deskFor(purpose: Purpose, changes: Partial<ReasoningTask> = {}, analyst?: Analyst): Desk {
  const role = isStep(purpose) ? STEP_ROLE[purpose] : 'fault_mapper';
  const claimed = !isStep(purpose) || purpose === 'submit_fault_web' || purpose === 'submit_solution';
  const task: ReasoningTask = {
    purpose,
    role,
    incidentId: purpose === 'triage' ? '' : 'INC-0001',
    alert: {
      ...{ node: 'train-buy', metric: 'response_time', atMs: Date.parse('2023-10-15T14:00:00Z') },
      ...{ source: 'report-train-buy', title: 'Response time of train-buy rises', observers: 1, alike: 0 },
    },
    rootCause: claimed ? 'food-buy' : '',
    challenge: purpose === 'vote_challenge' ? { reason: 'food-buy was well' } : null,
    motion: purpose === 'vote_motion' ? MOTION : null,
    claim: purpose.startsWith('vote') ? { faultKind: 'errors', probability: 675, reason: 'food-buy fails' } : null,
    rejectedCauses: [],
    probabilityMin: 143,
    timeLeftMs: 15_000,
    failure: null,
    ...changes,
  };
  const transcript = new TranscriptRecorder();
  const own = analyst ?? inlineAnalyst(captureSource(SAMPLES));
  const findings = (): Promise<Findings> => own.analyse(task.alert.source);
  const checkEvidence = async () => {
    await findings();
    return { compared: 12, unreadable: 0, discrepancies: [] };
  };
  const context = {
    alert: task.alert,
    view: AGENT_ROLES[role].view,
    findings,
    checkEvidence,
    pastCases: async () => [PAST_CASE],
  };
  return {
    task,
    transcript,
    tools: new ToolBox(toolsFor(role, purpose === 'vote_challenge' ? 'vote' : purpose), context, transcript),
  };
}

const typesIn = ({ transcript }: Desk): readonly string[] => transcript.entries.map(({ type }) => type);

/** @param open makes the reasoner, as fresh as for a new process */
export function reasonerCompliance(name: string, open: () => Promise<Reasoner>): void {
  describe(`the ${name} reasoner`, () => {
    let reasoner: Reasoner;
    beforeEach(async () => {
      reasoner = await open();
    });
    const ask = ({ task, tools }: Desk): Promise<ReasonedIntent> => reasoner.decide(task, tools);

    test.each(PURPOSES)('decides on %s in the wanted form', async (purpose) => {
      const intent = await ask(deskFor(purpose));
      expect(intent.purpose).toBe(purpose);
      expect(reasonedSchemas[purpose].safeParse(intent).error).toBeUndefined();
    });

    test.each(PURPOSES)('leaves a transcript of %s in both languages', async (purpose) => {
      const desk = deskFor(purpose);
      await ask(desk);
      const types = typesIn(desk);
      expect(types.length).toBeGreaterThan(0);
      expect(types.at(-1)).toBe('answer');
      for (const [index, type] of types.entries()) if (type === 'action') expect(types[index + 1]).toBe('observation');
      for (const { text } of desk.transcript.entries) {
        expect(text.en).not.toBe('');
        expect(text.zh).not.toBe('');
      }
    });

    test('claims the cause that the data shows', async () => {
      const intent = await ask(deskFor('propose_root_cause'));
      expect(intent).toMatchObject({ rootCause: 'food-buy', faultKind: 'latency' });
      expect(intent).toMatchObject({ reason: { en: expect.stringContaining('food-buy') } });
    });

    test('never repeats a claim that was voted down', async () => {
      const intent = await ask(deskFor('propose_root_cause', { rejectedCauses: ['food-buy'] }));
      expect(intent).not.toMatchObject({ rootCause: 'food-buy' });
    });

    test('claims nothing when nothing is probable enough', async () => {
      expect(await ask(deskFor('propose_root_cause', { probabilityMin: 990 }))).toMatchObject({ rootCause: null });
    });

    test('votes for the true cause, and not for a silent leaf', async () => {
      expect(await ask(deskFor('vote'))).toMatchObject({ option: 'For' });
      const lie = await ask(deskFor('vote', { rootCause: 'drink-buy' }));
      expect(lie).toMatchObject({ option: 'Against' });
    });

    test('stands by the true cause when it is challenged, and against a false one', async () => {
      expect(await ask(deskFor('vote_challenge'))).toMatchObject({ option: 'Against' });
      expect(await ask(deskFor('vote_challenge', { rootCause: 'drink-buy' }))).toMatchObject({ option: 'For' });
    });

    test('challenges a false claim with the cause that the data shows, and no true one', async () => {
      expect(await ask(deskFor('challenge'))).toMatchObject({ rootCause: null });
      const intent = await ask(deskFor('challenge', { rootCause: 'drink-buy', probabilityMin: 600 }));
      expect(intent).toMatchObject({ rootCause: 'food-buy' });
    });

    test('abstains without telemetry', async () => {
      expect(await ask(deskFor('vote', {}, blindAnalyst))).toMatchObject({ option: 'Abstain' });
      expect(await ask(deskFor('vote_challenge', {}, blindAnalyst))).toMatchObject({ option: 'Abstain' });
    });

    test('gives at least five repair steps, each with a check', async () => {
      const intent = await ask(deskFor('submit_solution'));
      if (intent.purpose !== 'submit_solution') throw new Error('another decision');
      expect(intent.steps.length).toBeGreaterThanOrEqual(5);
      for (const { check } of intent.steps) expect(check.en.length).toBeGreaterThan(10);
    });
  });
}
