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
  const json = jsonIn(text);
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
  const foreign = ungrounded(withoutOwnFigures(decision.data), groundOf(task, tools));
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

/**
 * Models think aloud before their answer, wrap it into a code fence, or add a sentence, whatever they are told. What lies
 * between the first brace and the last is taken; a comma too many is forgiven.
 */
function jsonIn(text: string): object | undefined {
  const said = text.split(THOUGHT_END).at(-1) ?? '';
  const within = said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1);
  return parsed(within) ?? parsed(within.replaceAll(/,(?=\s*[}\]])/g, ''));
}

/** End of the tag in which some models write what they think. */
const THOUGHT_END = '</think>';

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What may be cited: fetched data and the facts of the task, but not what others wrote in words. An alert's title or
 * another agent's reason could name anything, and would then be its own proof.
 */
function groundOf({ alert, claim, failure: _, ...task }: ReasoningTask, { observed }: ToolBox): readonly unknown[] {
  const ownWords = ({ title: _title, ...facts }: Readonly<Record<string, unknown>>): unknown => facts;
  const told = claim === null ? null : { ...claim, reason: '' };
  const isObject = (data: unknown): data is Readonly<Record<string, unknown>> =>
    typeof data === 'object' && data !== null && !Array.isArray(data);
  return [task, ownWords({ ...alert }), told, ...observed.map((data) => (isObject(data) ? ownWords(data) : data))];
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
  const known = JSON.stringify(groundOf(task, tools));
  return cited.filter((node) => !known.includes(JSON.stringify(node)));
}
