/**
 * A reasoner over any OpenAI-compatible endpoint. The engine's findings are its tools; the model argues and explains.
 * What it cannot do, or does badly, the deterministic reasoner does instead, and the transcript says so.
 */

import type { ModelUsage, Role } from '@dao-gov/node/protocol';
import OpenAI from 'openai';
import type { Bilingual } from '../../analysis/index.ts';
import type { AgentClock, AgentSink } from '../../core/ports.ts';
import type { ToolBox } from '../../tools/index.ts';
import type { ReasonedIntent, Reasoner, ReasoningTask } from '../reasoner.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { type Decision, directAnswer, react, type Talk } from './conversation.ts';
import { ModelError } from './errors.ts';
import { HOPEFUL, type Line } from './request.ts';
import type { OpenaiSettings } from './settings.ts';
import { type AnsweredBy, Meter } from './usage.ts';

const OPENAI_URL = 'https://api.openai.com/v1';
/** Local servers want none, and the SDK wants some. */
const NO_KEY = 'none';

/** Share of the time left that the model may use up. */
const THINKING_SHARE = 0.6;

export interface OpenaiDependencies {
  readonly clock: AgentClock;
  readonly sink: AgentSink;
  /** Decides when the model cannot. */
  readonly otherwise: Reasoner;
  readonly promptOf: (role: Role) => Promise<string>;
}

type Server = Line['server'];

export function openaiReasoner(settings: OpenaiSettings, deps: OpenaiDependencies): Reasoner {
  const server: Server = { traits: HOPEFUL };
  return {
    name: `openai:${settings.model}`,
    decide: (task, tools) => decide(task, tools, server, settings, deps),
  };
}

/** A client of its own for each decision, so that each counts its own requests. */
function clientOf({ baseUrl, apiKey, wallClockMs }: OpenaiSettings, meter: Meter): OpenAI {
  return new OpenAI({
    baseURL: baseUrl ?? OPENAI_URL,
    apiKey: apiKey ?? NO_KEY,
    // Nothing is taken from the environment behind the configuration's back.
    ...{ organization: null, project: null, adminAPIKey: null },
    timeout: wallClockMs,
    logLevel: 'off',
    fetch: boundedFetch(() => {
      meter.requests += 1;
    }),
  });
}

async function decide(
  task: ReasoningTask,
  tools: ToolBox,
  server: Server,
  settings: OpenaiSettings,
  deps: OpenaiDependencies,
): Promise<ReasonedIntent> {
  const { clock, sink, otherwise, promptOf } = deps;
  const meter = new Meter(settings);
  const abort = new AbortController();
  const cancel = clock.at(clock.monotonicMs() + thinkingMs(settings, task), () => abort.abort());
  try {
    const line = { client: clientOf(settings, meter), model: settings.model, signal: abort.signal, meter, server };
    const decision = await ask(settings, {
      ...line,
      ...{ purpose: task.purpose, prompt: await promptOf(task.role) },
      task,
      tools,
    });
    record(decision.answeredBy, meter, tools, sink);
    tools.answer(answerText(decision, meter));
    return decision.intent;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    record('builtin', meter, tools, sink);
    sink.log('warn', 'the model could not decide', { purpose: task.purpose, code: error.code, detail: error.message });
    tools.thought({
      en: `The model ${settings.model} could not decide (${error.code}: ${error.message}). The deterministic reasoner takes over.`,
      zh: `模型 ${settings.model} 未能给出决定（${error.code}：${error.message}），改由确定性推理器决定。`,
    });
    return otherwise.decide(task, tools);
  } finally {
    cancel();
  }
}

/** On the transcript, for whoever audits this decision; and in the node's counters, for whoever pays. */
function record(answeredBy: AnsweredBy, meter: Meter, tools: ToolBox, sink: AgentSink): ModelUsage {
  const usage = meter.usage(answeredBy);
  tools.spent(usage);
  sink.count('agent_model_decisions');
  sink.count('agent_model_degraded', answeredBy === 'builtin' ? 1 : 0);
  sink.count('agent_model_requests', usage.requests);
  sink.count('agent_model_prompt_tokens', usage.promptTokens);
  sink.count('agent_model_completion_tokens', usage.completionTokens);
  if (usage.costMicros !== null) sink.count('agent_model_cost_micros', usage.costMicros);
  return usage;
}

/** A decision that comes too late is worth nothing: the other reasoner, and the chain, need their part of the time. */
function thinkingMs({ wallClockMs }: OpenaiSettings, { timeLeftMs }: ReasoningTask): number {
  return Math.min(wallClockMs, Math.floor(timeLeftMs * THINKING_SHARE));
}

async function ask({ mode }: OpenaiSettings, talk: Talk): Promise<Decision> {
  if (mode === 'direct' || talk.tools.tools.length === 0) return directAnswer(talk);
  try {
    return await react(talk);
  } catch (error) {
    if (!(error instanceof ModelError) || error.code !== 'TOOLS_REFUSED') throw error;
    talk.tools.thought({
      en: 'This server does not take tools: I fetch the data myself and answer directly.',
      zh: '该服务不支持工具调用：改为自行取数后直接作答。',
    });
    return directAnswer(talk);
  }
}

function answerText({ intent }: Decision, { requests, tokens }: Meter): Bilingual {
  const words = 'reason' in intent ? intent.reason : { en: intent.summary, zh: intent.summary };
  const choice = choiceOf(intent);
  return {
    en: `${choice}${words.en} (${requests} requests, ${tokens} tokens)`,
    zh: `${choice}${words.zh}（${requests} 次请求，${tokens} tokens）`,
  };
}

function choiceOf(intent: ReasonedIntent): string {
  switch (intent.purpose) {
    case 'vote':
    case 'vote_challenge':
    case 'vote_motion':
      return `${intent.option}. `;
    case 'triage':
      return `${intent.priority}. `;
    case 'propose_root_cause':
    case 'challenge':
      return intent.rootCause === null ? '' : `${intent.rootCause}. `;
    default:
      return '';
  }
}
