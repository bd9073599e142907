/** What an importer makes of one incident in a foreign layout: a capture, and the answer where the layout has it. */
import { z } from 'zod';
import type { Capture } from '../../analysis/types.ts';

/** truth.json: the answer beside a capture, for scoring only. */
export const truthSchema = z.object({
  /** `null`: nothing was broken, and the right answer is that there is not enough evidence. */
  rootCause: z.string().min(1).nullable(),
  /** Other answers that are as right. */
  alternatives: z.array(z.string()).default([]),
  /** The kind of fault in the engine's words. */
  faultKind: z.string().optional(),
  /** What was done to the system, in the words of whoever did it. */
  fault: z.string().optional(),
  /** Nodes that the trouble passed, from the alerting node to the root cause. */
  path: z.array(z.string()).optional(),
  /** Figures are also given for each scenario. */
  scenario: z.string().optional(),
});

export type Truth = z.infer<typeof truthSchema>;
export type TruthInput = z.input<typeof truthSchema>;

export type Imported = {
  readonly capture: Omit<Capture, 'discarded'>;
  /** `null` where nobody knows. */
  readonly truth: TruthInput | null;
};

/** Turns any text into a capture id. */
export function idOf(...parts: readonly string[]): string {
  const text = parts
    .join('-')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100);
  return text === '' ? 'capture' : text;
}
