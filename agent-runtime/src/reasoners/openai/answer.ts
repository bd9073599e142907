/** A model's text becomes a decision: parsed, never evaluated; checked by schema; checked against what was fetched. */
import { z } from 'zod';
import type { ToolBox } from '../../tools/index.ts';
import { type Purpose, type ReasonedIntent, type ReasoningTask, reasonedSchemas } from '../reasoner.ts';
import { ungrounded } from './grounding.ts';

export type Answer =
  | { readonly ok: true; readonly intent: ReasonedIntent }
  | { readonly ok: false; readonly code: 'ANSWER_INVALID' | 'NOT_GROUNDED'; readonly detail: string };

/** What the model is to fill in: the decision without the purpose, which is not its choice. */
export function answerSchemaOf(purpose: Purpose): z.ZodObject {
  return (reasonedSchemas[purpose] as z.ZodObject).omit({ purpose: true });
}

export function readAnswer(text: string, task: ReasoningTask, tools: ToolBox): Answer {
  const json = parsed(withoutFences(text));
  if (json === undefined) return { ok: false, code: 'ANSWER_INVALID', detail: 'The answer is not one JSON object.' };
  const decision = answerSchemaOf(task.purpose).safeParse(json);
  if (!decision.success) return { ok: false, code: 'ANSWER_INVALID', detail: z.prettifyError(decision.error) };
  const { rootCause } = decision.data;
  if (task.purpose === 'propose_root_cause' && task.rejectedCauses.some((cause) => cause === rootCause)) {
    return {
      ok: false,
      code: 'ANSWER_INVALID',
      detail: `${String(rootCause)} was voted down already; claim another or none.`,
    };
  }
  if (task.purpose === 'challenge' && rootCause === task.rootCause) {
    return { ok: false, code: 'ANSWER_INVALID', detail: 'That is the claim itself: name another cause, or none.' };
  }
  const foreign = ungrounded(withoutOwnFigures(decision.data), [task, ...tools.observed]);
  if (foreign.length > 0) {
    return { ok: false, code: 'NOT_GROUNDED', detail: `In no fetched data: ${foreign.slice(0, 10).join(', ')}` };
  }
  const invented = inventedNodes(decision.data, task, tools);
  if (invented.length > 0) {
    return { ok: false, code: 'NOT_GROUNDED', detail: `In no fetched data: ${invented.join(', ')}` };
  }
  // Schema and purpose belong together, so the whole is that purpose's decision.
  return { ok: true, intent: { purpose: task.purpose, ...decision.data } as ReasonedIntent };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Many models wrap JSON into a code fence, whatever they are told. */
function withoutFences(text: string): string {
  return /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text)?.[1] ?? text;
}

/** A model's own estimates and the numbering of its steps are no citations. */
function withoutOwnFigures(decision: Readonly<Record<string, unknown>>): unknown {
  const { confidence: _confidence, probability: _probability, ...rest } = decision;
  return rest;
}

function inventedNodes(
  decision: Readonly<Record<string, unknown>>,
  task: ReasoningTask,
  tools: ToolBox,
): readonly string[] {
  const { rootCause, scope } = decision;
  const cited = [
    ...(typeof rootCause === 'string' ? [rootCause] : []),
    ...(Array.isArray(scope) ? scope.map(String) : []),
  ];
  const known = JSON.stringify([task, tools.observed]);
  return cited.filter((node) => !known.includes(JSON.stringify(node)));
}
