/**
 * One decision's talk with the model. ReAct: the model calls tools until it answers. Direct Answer: it gets the tools'
 * results and answers at once. Either way bounded in requests, tokens and time, with one chance to repair its answer.
 */
import type OpenAI from 'openai';
import { APIError, APIUserAbortError } from 'openai';
import type {
  ChatCompletion,
  ChatCompletionMessageParam,
  ChatCompletionMessageToolCall,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import { z } from 'zod';
import type { ToolBox } from '../../tools/index.ts';
import type { ReasonedIntent, ReasoningTask } from '../reasoner.ts';
import { readAnswer } from './answer.ts';
import { ModelError } from './errors.ts';
import { questionsFor, repairText, systemText, taskText } from './messages.ts';
import type { OpenaiSettings } from './settings.ts';

/** Characters of one tool result in the conversation: about 4,000 tokens, a fraction of any current model's context. */
const TOOL_RESULT_CHARS_MAX = 16_000;
/** Tool calls of one decision that are carried out; the rest are answered with a refusal. */
const TOOL_CALLS_MAX = 24;
/** HTTP statuses by which servers say that they do not know tools. */
const TOOLS_REFUSED = new Set([400, 404, 422, 501]);

export interface Talk {
  readonly client: OpenAI;
  readonly settings: OpenaiSettings;
  readonly signal: AbortSignal;
  readonly prompt: string;
  readonly task: ReasoningTask;
  readonly tools: ToolBox;
}

/** What has been used up so far. */
interface Usage {
  tokens: number;
  requests: number;
  toolCalls: number;
  readonly calls: Set<string>;
}

export interface Decision {
  readonly intent: ReasonedIntent;
  readonly requests: number;
  readonly tokens: number;
}

/** @throws ModelError */
export async function react(talk: Talk): Promise<Decision> {
  return converse(talk, opening(talk), true);
}

/** @throws ModelError */
export async function directAnswer(talk: Talk): Promise<Decision> {
  const results: string[] = [];
  for (const [name, input] of questionsFor(talk.task, talk.tools)) {
    const result = await talk.tools.call(name, input);
    results.push(`${name}: ${resultText(result.ok ? result.data : { error: result.text.en })}`);
  }
  const fetched: ChatCompletionMessageParam = { role: 'user', content: `Tool results (data):\n${results.join('\n')}` };
  return converse(talk, [...opening(talk), fetched], false);
}

const opening = ({ prompt, task }: Talk): ChatCompletionMessageParam[] => [
  { role: 'system', content: systemText(prompt) },
  { role: 'user', content: taskText(task) },
];

async function converse(talk: Talk, messages: ChatCompletionMessageParam[], withTools: boolean): Promise<Decision> {
  const { settings, task, tools } = talk;
  const usage: Usage = { tokens: 0, requests: 0, toolCalls: 0, calls: new Set() };
  let repaired = false;
  while (usage.requests < settings.stepsMax) {
    const last = usage.requests + 1 === settings.stepsMax;
    const message = await complete(talk, messages, withTools && !last && !repaired, usage);
    const content = message.content ?? '';
    const calls = message.tool_calls ?? [];
    if (withTools && calls.length > 0 && !last && !repaired) {
      if (content.trim() !== '') tools.thought({ en: content, zh: content });
      messages.push({ role: 'assistant', content, tool_calls: calls });
      for (const call of calls) messages.push(await answerCall(call, tools, usage));
      continue;
    }
    const answer = readAnswer(content, task, tools);
    if (answer.ok) return { intent: answer.intent, requests: usage.requests, tokens: usage.tokens };
    if (repaired || last) throw new ModelError(answer.code, answer.detail);
    repaired = true;
    messages.push({ role: 'assistant', content }, { role: 'user', content: repairText(answer.detail) });
  }
  throw new ModelError('BUDGET_EXHAUSTED', `no decision within ${settings.stepsMax} requests`);
}

type Message = ChatCompletion['choices'][number]['message'];

async function complete(
  { client, settings, signal, tools }: Talk,
  messages: readonly ChatCompletionMessageParam[],
  offerTools: boolean,
  usage: Usage,
): Promise<Message> {
  if (usage.tokens >= settings.tokensMax)
    throw new ModelError('BUDGET_EXHAUSTED', `${usage.tokens} tokens are used up`);
  usage.requests += 1;
  const request = {
    model: settings.model,
    messages: [...messages],
    temperature: 0,
    // An empty list of tools is refused by most servers.
    ...(offerTools && tools.tools.length > 0 ? { tools: tools.tools.map(toolOf) } : {}),
  };
  try {
    const completion: unknown = await client.chat.completions.create(request, { signal });
    return messageOf(completion, usage);
  } catch (error) {
    throw modelError(error, signal, offerTools);
  }
}

/** The SDK hands on whatever a 200 carried, an HTML page too. */
function messageOf(completion: unknown, usage: Usage): Message {
  const { choices, usage: used } = (
    typeof completion === 'object' && completion !== null ? completion : {}
  ) as Partial<ChatCompletion>;
  const message = Array.isArray(choices) ? choices[0]?.message : undefined;
  if (message === undefined) throw new ModelError('NOT_A_COMPLETION', 'the server answered with something else');
  // A server that does not count is taken by its word's length, four characters a token.
  usage.tokens += used?.total_tokens ?? Math.ceil(JSON.stringify(message).length / 4);
  return message;
}

function modelError(error: unknown, signal: AbortSignal, offeredTools: boolean): ModelError {
  if (error instanceof ModelError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  if (signal.aborted || error instanceof APIUserAbortError) return new ModelError('TIMED_OUT', 'it took too long');
  const refusesTools = offeredTools && error instanceof APIError && TOOLS_REFUSED.has(Number(error.status));
  return new ModelError(refusesTools ? 'TOOLS_REFUSED' : 'SERVER_FAILED', detail, { cause: error });
}

function toolOf({ name, description, schema }: ToolBox['tools'][number]): ChatCompletionTool {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema) as Record<string, unknown>;
  return { type: 'function', function: { name, description: description.en, parameters } };
}

/** Every call is answered, because a conversation with an unanswered one is refused by the next request. */
async function answerCall(
  call: ChatCompletionMessageToolCall,
  tools: ToolBox,
  usage: Usage,
): Promise<ChatCompletionMessageParam> {
  const reply = (content: string): ChatCompletionMessageParam => ({ role: 'tool', tool_call_id: call.id, content });
  if (call.type !== 'function') return reply('error: only functions can be called');
  const { name, arguments: text } = call.function;
  const key = `${name} ${text}`;
  if (usage.calls.has(key)) return reply('error: you have made this very call already; use its result');
  usage.calls.add(key);
  usage.toolCalls += 1;
  if (usage.toolCalls > TOOL_CALLS_MAX) return reply('error: no more tool calls; decide now');
  const input = parsedInput(text);
  if (input === undefined) return reply('error: the arguments are not JSON');
  const result = await tools.call(name, input);
  return reply(result.ok ? resultText(result.data) : `error: ${result.text.en}`);
}

function parsedInput(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function resultText(data: unknown): string {
  const text = JSON.stringify(data);
  return text.length <= TOOL_RESULT_CHARS_MAX ? text : `${text.slice(0, TOOL_RESULT_CHARS_MAX)} [cut]`;
}
