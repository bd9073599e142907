/**
 * One decision's talk with the model. ReAct: the model calls tools until it answers. Direct Answer: it gets the tools'
 * results and answers at once. Either way bounded in requests, tokens, cost and time, with one chance to repair.
 */
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { ReasonedIntent, ReasoningTask } from '../reasoner.ts';
import { type Answer, readAnswer } from './answer.ts';
import type { Completion, ToolCall } from './completion.ts';
import { ModelError } from './errors.ts';
import { questionsFor, repairText, systemText, taskText } from './messages.ts';
import { type Line, request } from './request.ts';
import type { AnsweredBy } from './usage.ts';

/** Characters of one tool result in the conversation: about 4,000 tokens, a fraction of any current model's context. */
const TOOL_RESULT_CHARS_MAX = 16_000;
/** Characters of an answer that is shown to the model again when it is refused. */
const REFUSED_ANSWER_CHARS_MAX = 8_000;
/** Tool calls of one decision that are carried out; the rest are answered with a refusal. */
const TOOL_CALLS_MAX = 24;

export interface Talk extends Line {
  readonly prompt: string;
  readonly task: ReasoningTask;
}

export interface Decision {
  readonly intent: ReasonedIntent;
  readonly answeredBy: AnsweredBy;
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
  const { meter, task, tools } = talk;
  const called = new Set<string>();
  let repaired = false;
  for (;;) {
    const offerTools = withTools && meter.requestsLeft > 1 && !repaired;
    const completion = await request(talk, messages, offerTools);
    const { content, calls, form } = completion;
    if (offerTools && calls.length > 0) {
      if (content.trim() !== '') tools.thought({ en: content, zh: content });
      messages.push(...(await answered(completion, talk, called)));
      continue;
    }
    const answer = readAnswer(content, task, tools);
    if (answer.ok) return { intent: answer.intent, answeredBy: offerTools ? 'tools' : form };
    if (repaired || meter.requestsLeft === 0) throw refusal(answer, completion);
    repaired = true;
    const shown = content.slice(0, REFUSED_ANSWER_CHARS_MAX);
    const why = completion.cutOff ? `it was cut off in the middle, so be brief. ${answer.detail}` : answer.detail;
    messages.push({ role: 'assistant', content: shown }, { role: 'user', content: repairText(why) });
  }
}

function refusal(answer: Answer & { readonly ok: false }, { cutOff }: Completion): ModelError {
  return new ModelError(cutOff && answer.code === 'ANSWER_INVALID' ? 'CUT_OFF' : answer.code, answer.detail);
}

/** The message with its calls, and an answer to every one: the next request is refused where one stays unanswered. */
async function answered(
  { content, calls }: Completion,
  talk: Talk,
  called: Set<string>,
): Promise<readonly ChatCompletionMessageParam[]> {
  const made = calls.map(({ id, name, arguments: text = '{}' }) => ({
    ...{ id, type: 'function' as const },
    function: { name, arguments: text },
  }));
  const answers: ChatCompletionMessageParam[] = [];
  for (const call of calls) {
    answers.push({ role: 'tool', tool_call_id: call.id, content: await answerTo(call, talk, called) });
  }
  return [{ role: 'assistant', content, tool_calls: made }, ...answers];
}

async function answerTo({ name, arguments: text }: ToolCall, { tools }: Talk, called: Set<string>): Promise<string> {
  if (text === undefined) return 'error: the arguments are too long';
  const key = `${name} ${text}`;
  if (called.has(key)) return 'error: you have made this very call already; use its result';
  if (called.size >= TOOL_CALLS_MAX) return 'error: no more tool calls; decide now';
  called.add(key);
  const input = parsedInput(text);
  if (input === undefined) return 'error: the arguments are not JSON';
  const result = await tools.call(name, input);
  return result.ok ? resultText(result.data) : `error: ${result.text.en}`;
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
