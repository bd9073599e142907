/** What a server answered, read with suspicion: a 200 may carry anything, and every field of it anything else. */
import { z } from 'zod';
import { ModelError } from './errors.ts';
import { estimatedTokens, type Meter } from './usage.ts';

/** Tool calls of one message that are looked at; a conversation has to answer each of them. */
const CALLS_PER_MESSAGE_MAX = 32;
/** Characters of a call's arguments; none of the tools takes more than a dozen names. */
const ARGUMENTS_CHARS_MAX = 4_000;
/** Characters of a message's text: a decision is far shorter. */
const CONTENT_CHARS_MAX = 64_000;

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As sent; undefined when there is far too much of it. */
  readonly arguments: string | undefined;
}

export interface Completion {
  readonly content: string;
  readonly calls: readonly ToolCall[];
  /** The server stopped the model before it was done. */
  readonly cutOff: boolean;
}

const callSchema = z.object({
  id: z.string().min(1).max(200),
  function: z.object({
    name: z.string().max(200),
    // Some servers send the object itself.
    arguments: z.union([z.string(), z.looseObject({}).transform((value) => JSON.stringify(value))]),
  }),
});

const completionSchema = z.object({
  choices: z
    .tuple([
      z.object({
        finish_reason: z.string().nullish().catch(null),
        message: z.object({
          content: z.string().nullish().catch(null),
          refusal: z.string().nullish().catch(null),
          tool_calls: z.array(z.unknown()).nullish().catch(null),
        }),
      }),
    ])
    .rest(z.unknown()),
  usage: z
    .object({ prompt_tokens: z.int().positive(), completion_tokens: z.int().nonnegative() })
    .nullish()
    .catch(null),
});

/** @throws ModelError NOT_A_COMPLETION, REFUSED */
export function readCompletion(answer: unknown, promptTokens: number, meter: Meter): Completion {
  const parsed = completionSchema.safeParse(answer);
  if (!parsed.success) {
    meter.promptTokens += promptTokens;
    throw new ModelError('NOT_A_COMPLETION', 'the server answered with something else');
  }
  const { choices, usage } = parsed.data;
  const [{ finish_reason: finish, message }] = choices;
  // A server that does not count, or counts nonsense, is taken by the length of its words.
  meter.promptTokens += usage?.prompt_tokens ?? promptTokens;
  meter.completionTokens += usage?.completion_tokens ?? estimatedTokens(JSON.stringify(message));
  if (message.refusal || finish === 'content_filter') {
    throw new ModelError('REFUSED', message.refusal?.slice(0, 200) || 'its filter refused');
  }
  return {
    content: (message.content ?? '').slice(0, CONTENT_CHARS_MAX).toWellFormed(),
    calls: (message.tool_calls ?? []).slice(0, CALLS_PER_MESSAGE_MAX).flatMap(readCall),
    cutOff: finish === 'length',
  };
}

/** A call without a name or an id cannot be answered, so it is as if it had not been made. */
function readCall(call: unknown): readonly ToolCall[] {
  const parsed = callSchema.safeParse(call);
  if (!parsed.success) return [];
  const { id, function: asked } = parsed.data;
  const text = asked.arguments.length > ARGUMENTS_CHARS_MAX ? undefined : asked.arguments.toWellFormed();
  return [{ id, name: asked.name.toWellFormed(), arguments: text }];
}
