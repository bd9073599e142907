/**
 * One request, in the best form that the server takes. Servers differ in what they understand: tools, a schema for the
 * answer, JSON at least, or nothing but words. What one refuses is left out from then on, once something lesser worked.
 */
import type OpenAI from 'openai';
import { APIError, APIUserAbortError } from 'openai';
import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import { z } from 'zod';
import type { ToolBox } from '../../tools/index.ts';
import type { Purpose } from '../reasoner.ts';
import { answerSchemaOf } from './answer.ts';
import { type Completion, readCompletion } from './completion.ts';
import { ModelError } from './errors.ts';
import { estimatedTokens, type Meter } from './usage.ts';

/** Times that the SDK repeats a request that failed for now (429, 5xx, no connection), after what the server asks for. */
const RETRIES_MAX = 2;

/** Ways of asking for JSON, best first. */
const FORMS = ['json_schema', 'json_object', 'text'] as const;
type Form = (typeof FORMS)[number];

/** What is known of a server. */
export interface Traits {
  readonly form: Form;
  readonly temperature: boolean;
}
export const HOPEFUL: Traits = { form: 'json_schema', temperature: true };

/** HTTP statuses by which servers say that they do not know something. */
const NOT_UNDERSTOOD = new Set([400, 404, 422, 501]);

export interface Line {
  readonly client: OpenAI;
  readonly model: string;
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly purpose: Purpose;
  readonly tools: ToolBox;
  /** Kept for the decisions to come. */
  readonly server: { traits: Traits };
}

/**
 * Either tools are offered or a form is asked for: some servers ignore the one when they see the other.
 * @throws ModelError; TOOLS_REFUSED when the server does not take tools
 */
export async function request(
  line: Line,
  messages: readonly ChatCompletionMessageParam[],
  offerTools: boolean,
): Promise<Completion & { readonly form: Form }> {
  const { client, signal, meter, server } = line;
  const promptTokens = estimatedTokens(JSON.stringify(messages));
  for (let traits = server.traits; ; ) {
    meter.afford(promptTokens);
    try {
      const body = bodyOf(line, messages, traits, offerTools);
      const maxRetries = Math.min(RETRIES_MAX, meter.requestsLeft - 1);
      const answer: unknown = await client.chat.completions.create(body, { signal, maxRetries });
      const completion = readCompletion(answer, promptTokens, meter);
      server.traits = traits;
      return { ...completion, form: traits.form };
    } catch (error) {
      const lesser = isNotUnderstood(error) ? withoutWhat(error, traits, offerTools) : undefined;
      if (lesser === undefined) throw modelError(error, signal, offerTools);
      traits = lesser;
    }
  }
}

const isNotUnderstood = (error: unknown): error is APIError =>
  error instanceof APIError && NOT_UNDERSTOOD.has(Number(error.status));

/** What to try next; undefined when there is nothing left to leave out. */
function withoutWhat(error: APIError, traits: Traits, offeredTools: boolean): Traits | undefined {
  if (traits.temperature && /temperature/i.test(error.message)) return { ...traits, temperature: false };
  const form = offeredTools ? undefined : FORMS[FORMS.indexOf(traits.form) + 1];
  return form === undefined ? undefined : { ...traits, form };
}

function bodyOf(
  { model, purpose, tools }: Line,
  messages: readonly ChatCompletionMessageParam[],
  { form, temperature }: Traits,
  offerTools: boolean,
): ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: [...messages],
    ...(temperature ? { temperature: 0 } : {}),
    // An empty list of tools is refused by most servers.
    ...(offerTools && tools.tools.length > 0 ? { tools: tools.tools.map(toolOf) } : {}),
    ...(offerTools || form === 'text' ? {} : { response_format: formatOf(form, purpose) }),
  };
}

function formatOf(
  form: Exclude<Form, 'text'>,
  purpose: Purpose,
): NonNullable<ChatCompletionCreateParamsNonStreaming['response_format']> {
  if (form === 'json_object') return { type: form };
  const schema = withoutBounds(z.toJSONSchema(answerSchemaOf(purpose))) as Record<string, unknown>;
  return { type: form, json_schema: { name: purpose, strict: true, schema } };
}

/** Keywords that strict servers refuse; the answer is checked with the full schema anyway. */
const BOUNDS = new Set([
  ...['$schema', 'minLength', 'maxLength', 'minItems', 'maxItems'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'pattern'],
]);

function withoutBounds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutBounds);
  if (typeof schema !== 'object' || schema === null) return schema;
  // A bound is a plain value; a property that is called like one is a schema.
  const kept = Object.entries(schema).filter(([key, value]) => typeof value === 'object' || !BOUNDS.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutBounds(value)]));
}

function toolOf({ name, description, schema }: ToolBox['tools'][number]): ChatCompletionTool {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema) as Record<string, unknown>;
  return { type: 'function', function: { name, description: description.en, parameters } };
}

function modelError(error: unknown, signal: AbortSignal, offeredTools: boolean): ModelError {
  if (error instanceof ModelError) return error;
  if (signal.aborted || error instanceof APIUserAbortError) return new ModelError('TIMED_OUT', 'it took too long');
  const detail = reasons(error).join(': ');
  const code = offeredTools && isNotUnderstood(error) ? 'TOOLS_REFUSED' : 'SERVER_FAILED';
  return new ModelError(code, detail.slice(0, 300), { cause: error });
}

/** Connection errors hide what happened in their causes. */
function reasons(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [error.message, ...(error.cause === undefined ? [] : reasons(error.cause))];
}
