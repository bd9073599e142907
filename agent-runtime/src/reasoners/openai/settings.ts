/** Where the model is, and what it may cost. */
import { z } from 'zod';

/** Requests of one decision: as many as a careful engineer asks questions, too few to loop for ever. */
const STEPS_MAX = 20;
/** Milliseconds of one decision, all requests together; a vote's window is shorter on some networks. */
const WALL_CLOCK_MS = 60_000;
/** Tokens of one decision, prompts and answers together. */
const TOKENS_MAX = 120_000;

export const openaiSettingsSchema = z.strictObject({
  /** Of any OpenAI-compatible server, with its version path. */
  baseUrl: z.url().optional(),
  apiKey: z.string().min(1).optional(),
  model: z.string().min(1).max(200).default('gpt-4.1-mini'),
  /** `react` lets the model choose its tools; `direct` hands it their results and asks once. */
  mode: z.enum(['react', 'direct']).default('react'),
  wallClockMs: z.number().int().min(100).max(600_000).default(WALL_CLOCK_MS),
  tokensMax: z.number().int().min(100).default(TOKENS_MAX),
  /** Currency units per million tokens of prompt and of answer; without both, costs are not known. */
  priceInput: z.number().nonnegative().optional(),
  priceOutput: z.number().nonnegative().optional(),
  /** Currency units of one decision. */
  costMax: z.number().positive().optional(),
  stepsMax: z.number().int().min(1).max(STEPS_MAX).default(STEPS_MAX),
});
export type OpenaiSettings = z.infer<typeof openaiSettingsSchema>;

/** Neither an address nor a key: then nothing may be contacted. */
export const isConfigured = ({ baseUrl, apiKey }: Pick<OpenaiSettings, 'baseUrl' | 'apiKey'>): boolean =>
  baseUrl !== undefined || apiKey !== undefined;
