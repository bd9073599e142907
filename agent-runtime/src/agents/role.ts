/** What makes an agent of a role: its duties, its prompt, its tools, its own way of judging. */
import type { Role } from '@dao-gov/node/protocol';
import type { Bilingual, View } from '../analysis/index.ts';
import type { IncidentStep } from '../core/duties.ts';
import type { AnyTool } from '../tools/index.ts';
import type { DutyOf, Procedure, StepDuty } from './procedures/procedure.ts';

/** The procedures of a role's own steps. When the role is silent, others of the ring follow the same ones. */
export type OwnSteps = { readonly [S in IncidentStep]?: Procedure<StepDuty> } & {
  readonly triage?: Procedure<DutyOf<'triage'>>;
};

export interface AgentRole {
  readonly role: Role;
  readonly duties: readonly Bilingual[];
  /** Instructions for a language model; the deterministic reasoner needs none. */
  readonly promptFile: URL;
  /** Tools that the role's own steps and its votes may use. */
  readonly tools: readonly AnyTool[];
  /** How the role looks at the findings: seven different views make seven pieces of evidence. */
  readonly view: View;
  readonly steps: OwnSteps;
}

export const promptFile = (name: string): URL => new URL(`../../../config/prompts/${name}`, import.meta.url);
