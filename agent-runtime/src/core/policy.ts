/**
 * What an agent does beyond its steps, in figures that its operator may set (config/agent-policy.json holds the
 * defaults). A policy bounds every reasoner: a model may be more careful than it, never bolder.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const thousandths = z.int().min(0).max(1_000);
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

export const agentPolicySchema = z.strictObject({
  challenge: z
    .strictObject({
      /**
       * Thousandths that the probability of another cause must reach. A challenger risks as much as it can win, so even
       * odds break even; the margin is for a vote that may not follow the evidence.
       */
      probabilityMin: thousandths.default(600),
      /** Milliseconds of block time between two looks for newer telemetry. */
      pollMs: z
        .int()
        .min(100)
        .max(HOUR_MS)
        .default(5 * SECOND_MS),
    })
    .prefault({}),
  outcome: z
    .strictObject({
      /**
       * Milliseconds after the solution that the symptom must have been away for, without a break, to be reported as
       * recovered; half of the chain's challenge window where that is less.
       */
      holdMs: z
        .int()
        .min(SECOND_MS)
        .max(24 * HOUR_MS)
        .default(60 * SECOND_MS),
      /** Milliseconds of block time between two measurements. */
      pollMs: z
        .int()
        .min(100)
        .max(HOUR_MS)
        .default(5 * SECOND_MS),
      /** Part of the challenge window, in thousandths, at whose end a symptom that persists is reported as unrecovered. */
      unrecoveredShare: thousandths.default(250),
    })
    .prefault({}),
  motions: z
    .strictObject({
      /** Thousandths of the present value that a parameter may change by at once. */
      changeMax: thousandths.default(500),
      /** Shortest window, in milliseconds, that this agent can still analyse and vote in. */
      windowMsMin: z.int().min(0).max(HOUR_MS).default(2_000),
      /** Incidents that the agent's own tokens must still pay for under the new parameters. */
      incidentsAffordableMin: z.int().min(0).max(1_000).default(5),
      /** Thousandths of the treasury that one payment may take. */
      treasuryShareMax: thousandths.default(50),
      /** Characters that the reason of a payment has at least. */
      reasonCharsMin: z.int().min(0).max(2_000).default(20),
    })
    .prefault({}),
});
export type AgentPolicy = z.infer<typeof agentPolicySchema>;

export const DEFAULT_POLICY: AgentPolicy = agentPolicySchema.parse({});

/** @throws Error that names the file and the field */
export function readAgentPolicy(file: string): AgentPolicy {
  const parsed = agentPolicySchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${file}: ${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'is not accepted'}`);
}
