/** The reasoner that a configuration asks for. */
import { readFile } from 'node:fs/promises';
import { AGENT_ROLES } from '../agents/index.ts';
import type { AgentClock, AgentSink } from '../core/ports.ts';
import { builtinReasoner } from './builtin/index.ts';
import { isConfigured, type OpenaiSettings, openaiSettingsSchema } from './openai/settings.ts';
import type { Reasoner } from './reasoner.ts';

export type ReasonerConfig = { readonly kind: 'builtin' } | ({ readonly kind: 'openai' } & OpenaiSettings);

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of a process: OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL, OPENAI_MODE (`react` or `direct`); prices per
 * million tokens OPENAI_PRICE_INPUT and OPENAI_PRICE_OUTPUT, and OPENAI_COST_MAX of one decision in the same currency.
 * @throws ZodError when one of them is unusable
 */
export function reasonerConfigOf(kind: 'builtin' | 'openai', environment: Environment): ReasonerConfig {
  if (kind === 'builtin') return { kind };
  const set = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const figure = (name: string): number | undefined => (set(name) === undefined ? undefined : Number(set(name)));
  const settings = {
    baseUrl: set('OPENAI_BASE_URL'),
    apiKey: set('OPENAI_API_KEY'),
    model: set('OPENAI_MODEL'),
    mode: set('OPENAI_MODE'),
    priceInput: figure('OPENAI_PRICE_INPUT'),
    priceOutput: figure('OPENAI_PRICE_OUTPUT'),
    costMax: figure('OPENAI_COST_MAX'),
  };
  return { kind, ...openaiSettingsSchema.parse(settings) };
}

/** Whether the environment names a model that may be contacted. @throws ZodError when a setting is unusable */
export function isModelConfigured(environment: Environment): boolean {
  const config = reasonerConfigOf('openai', environment);
  return config.kind === 'openai' && isConfigured(config);
}

/** Without an address and a key there is nothing to contact: then, too, the deterministic reasoner decides. */
export async function createReasoner(
  config: ReasonerConfig,
  { clock, sink }: { readonly clock: AgentClock; readonly sink: AgentSink },
): Promise<Reasoner> {
  if (config.kind === 'builtin') return builtinReasoner;
  if (!isConfigured(config)) {
    sink.log('warn', 'no model is configured (OPENAI_BASE_URL, OPENAI_API_KEY): the deterministic reasoner decides');
    return builtinReasoner;
  }
  // Only a process that talks to a model pays for the SDK.
  const { openaiReasoner } = await import('./openai/index.ts');
  const { kind: _, ...settings } = config;
  return openaiReasoner(settings, {
    clock,
    sink,
    otherwise: builtinReasoner,
    promptOf: (role) => readFile(AGENT_ROLES[role].promptFile, 'utf8'),
  });
}
