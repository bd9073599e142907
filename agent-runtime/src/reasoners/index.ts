/** What thinks for an agent: deterministic by default, a language model by configuration, a script in tests. */
export { builtinReasoner } from './builtin/index.ts';
export { createReasoner, type ReasonerConfig, reasonerConfigOf } from './create.ts';
export type { OpenaiSettings } from './openai/settings.ts';
export {
  type Purpose,
  type ReasonedIntent,
  type ReasonedOf,
  type Reasoner,
  type ReasoningTask,
  reasonedSchemas,
} from './reasoner.ts';
export { type Script, scriptedReasoner } from './scripted.ts';
