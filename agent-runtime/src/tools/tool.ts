/** What a tool is. Tools read and compute; none of them holds a key or a ledger to write to, so none can move tokens. */
import type { PastCase } from '@dao-gov/node/protocol';
import type { z } from 'zod';
import type { Bilingual, Findings, View } from '../analysis/index.ts';
import type { EvidenceCheck } from '../core/evidence/check-cited.ts';

/** The alert that the duty is about. */
export interface ToolAlert {
  readonly node: string;
  readonly metric: string;
  readonly atMs: number;
  readonly source: string;
  readonly title: string;
  /** Agents that saw it. */
  readonly observers: number;
  /** Other alerts of the same source that wait for triage. */
  readonly alike: number;
}

/** What tools work on. */
export interface ToolContext {
  readonly alert: ToolAlert;
  /** The role's own way of looking at the findings. */
  readonly view: View;
  /** The agent's own analysis of the alert's telemetry. @throws AnalystError */
  findings(): Promise<Findings>;
  /** Compares the evidence that the claim at hand cites; undefined when there is no claim. @throws AnalystError */
  readonly checkEvidence: (() => Promise<EvidenceCheck>) | undefined;
  /** Earlier incidents of the chain that are like the one at hand, the most alike first. */
  pastCases(): Promise<readonly PastCase[]>;
}

export interface ToolResult<Output> {
  /** Plain JSON data; numbers may be fractional. */
  readonly data: Output;
  /** The same for people, with the figures that matter. */
  readonly text: Bilingual;
}

export interface Tool<Input = unknown, Output = unknown> {
  readonly name: string;
  readonly description: Bilingual;
  readonly schema: z.ZodType<Input>;
  /** @throws ToolError, AnalystError */
  run(input: Input, context: ToolContext): Promise<ToolResult<Output>>;
}

export type ToolErrorCode = 'TOOL_UNKNOWN' | 'TOOL_INPUT_INVALID' | 'NODE_UNKNOWN' | 'NOTHING_CLAIMED';

/** A tool that cannot answer. The text goes to whoever asked, so that the next call is better. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: ToolErrorCode;
  readonly text: Bilingual;

  constructor(code: ToolErrorCode, text: Bilingual) {
    super(text.en);
    this.code = code;
    this.text = text;
  }
}
