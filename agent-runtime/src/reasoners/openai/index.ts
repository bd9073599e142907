/**
 * A reasoner over any OpenAI-compatible endpoint. The engine's findings are its tools; the model argues and explains.
 * What it cannot do, or does badly, the deterministic reasoner does instead, and the transcript says so.
 */

import type { Role } from '@dao-gov/node/protocol';
import OpenAI from 'openai';
import type { Bilingual } from '../../analysis/index.ts';
import type { AgentClock, AgentSink } from '../../core/ports.ts';
import type { ToolBox } from '../../tools/index.ts';
import type { ReasonedIntent, Reasoner, ReasoningTask } from '../reasoner.ts';
import { type Decision, directAnswer, react, type Talk } from './conversation.ts';
import { ModelError } from './errors.ts';
import type { OpenaiSettings } from './settings.ts';

const OPENAI_URL = 'https://api.openai.com/v1';
/** Local servers want none, and the SDK wants some. */
const NO_KEY = 'none';
/** Times that the SDK repeats a request that was refused for now (429, 5xx). */
const RETRIES_MAX = 1;

/** Share of the time left that the model may use up. */
const THINKING_SHARE = 0.6;

export interface OpenaiDependencies {
  readonly clock: AgentClock;
  readonly sink: AgentSink;
  /** Decides when the model cannot. */
  readonly otherwise: Reasoner;
  readonly promptOf: (role: Role) => Promise<string>;
}

export function openaiReasoner(settings: OpenaiSettings, deps: OpenaiDependencies): Reasoner {
  const client = new OpenAI({
    baseURL: settings.baseUrl ?? OPENAI_URL,
    apiKey: settings.apiKey ?? NO_KEY,
    // Nothing is taken from the environment behind the configuration's back.
    organization: null,
    project: null,
    maxRetries: RETRIES_MAX,
    timeout: settings.wallClockMs,
    logLevel: 'off',
  });
  return {
    name: `openai:${settings.model}`,
    decide: (task, tools) => decide(task, tools, client, settings, deps),
  };
}

async function decide(
  task: ReasoningTask,
  tools: ToolBox,
  client: OpenAI,
  settings: OpenaiSettings,
  { clock, sink, otherwise, promptOf }: OpenaiDependencies,
): Promise<ReasonedIntent> {
  const abort = new AbortController();
  const cancel = clock.at(clock.monotonicMs() + thinkingMs(settings, task), () => abort.abort());
  try {
    const prompt = await promptOf(task.role);
    const decision = await ask({ client, settings, signal: abort.signal, prompt, task, tools });
    sink.observe('agent_model_tokens', decision.tokens);
    tools.answer(answerText(decision));
    return decision.intent;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    sink.count('agent_model_degraded');
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

/** A decision that comes too late is worth nothing: the other reasoner, and the chain, need their part of the time. */
function thinkingMs({ wallClockMs }: OpenaiSettings, { timeLeftMs }: ReasoningTask): number {
  return Math.min(wallClockMs, Math.floor(timeLeftMs * THINKING_SHARE));
}

async function ask(talk: Talk): Promise<Decision> {
  if (talk.settings.mode === 'direct') return directAnswer(talk);
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

function answerText({ intent, requests, tokens }: Decision): Bilingual {
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
