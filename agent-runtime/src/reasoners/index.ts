/** What thinks for an agent: deterministic by default, a language model by configuration, a script in tests. */
export { builtinReasoner } from './builtin/index.ts';
export { createReasoner, isModelConfigured, type ReasonerConfig, reasonerConfigOf } from './create.ts';
export type { OpenaiSettings } from './openai/settings.ts';
export type { Reasoner } from './reasoner.ts';
export { scriptedReasoner } from './scripted.ts';
