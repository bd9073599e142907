/** Answers cases one after the other and takes the time of the answer alone, without reading files. */
import { analyse, type Findings } from '@dao-gov/agent-runtime/analysis';
import { readCapture } from '@dao-gov/agent-runtime/telemetry';
import { answerOf } from './answer.ts';
import type { Case } from './cases.ts';
import type { Answer } from './score.ts';

export type Answered = {
  readonly found: Case;
  readonly answer: Answer;
  readonly seconds: number;
  /** Nodes among which the cause was to be found. */
  readonly nodes: number;
};

export const MS_PER_SECOND = 1_000;

export type Analysed = { readonly found: Case; readonly findings: Findings; readonly seconds: number };

export async function analyseCase(found: Case): Promise<Analysed> {
  const capture = await readCapture(found.folder);
  const startedMs = performance.now();
  const findings = analyse(capture);
  return { found, findings, seconds: (performance.now() - startedMs) / MS_PER_SECOND };
}

export function builtinAnswer({ found, findings, seconds }: Analysed): Answered {
  return { found, answer: answerOf(findings), seconds, nodes: findings.nodes.length };
}
