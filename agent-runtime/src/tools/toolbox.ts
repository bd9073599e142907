/** The tools that one duty may use. Every run is on record: what was asked, and what came back. */
import type { ModelUsage } from '@dao-gov/node/protocol';
import type { z } from 'zod';
import type { Bilingual } from '../analysis/index.ts';
import { AnalystError } from '../core/errors.ts';
import type { TranscriptRecorder } from '../core/evidence/transcript.ts';
import { type Tool, type ToolContext, ToolError, type ToolResult } from './tool.ts';

/** A tool of whatever types: its schema checks the input, and whoever reads the output knows what it is. */
export interface AnyTool extends Pick<Tool, 'name' | 'description'> {
  readonly schema: z.ZodType;
  run(input: never, context: ToolContext): Promise<ToolResult<unknown>>;
}

export type CallResult =
  | { readonly ok: true; readonly data: unknown; readonly text: Bilingual }
  | { readonly ok: false; readonly text: Bilingual };

export class ToolBox {
  readonly #tools: ReadonlyMap<string, AnyTool>;
  readonly #context: ToolContext;
  readonly #transcript: TranscriptRecorder;
  readonly #observed: unknown[] = [];

  constructor(tools: readonly AnyTool[], context: ToolContext, transcript: TranscriptRecorder) {
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.#context = context;
    this.#transcript = transcript;
  }

  get tools(): readonly AnyTool[] {
    return [...this.#tools.values()];
  }

  /** Everything that tools have returned so far: what an answer may cite. */
  get observed(): readonly unknown[] {
    return this.#observed;
  }

  thought(text: Bilingual): void {
    this.#transcript.thought(text);
  }

  answer(text: Bilingual): void {
    this.#transcript.answer(text);
  }

  /** What a model used up for this duty, over all its decisions. */
  spent(usage: ModelUsage): void {
    this.#transcript.spent(usage);
  }

  /** Runs a tool with a typed input. @throws ToolError, AnalystError after having recorded them */
  async use<Input, Output>(tool: Tool<Input, Output>, input: Input): Promise<Output> {
    this.#transcript.action(tool.name, input, callText(tool.name));
    if (!this.#tools.has(tool.name)) throw this.#failed(tool.name, unknownTool(tool.name));
    try {
      return this.#succeeded(tool.name, await tool.run(input, this.#context));
    } catch (error) {
      throw this.#failed(tool.name, error);
    }
  }

  /** Runs a tool by name with an input that nobody has checked yet. Never throws for what the caller did wrong. */
  async call(name: string, input: unknown): Promise<CallResult> {
    this.#transcript.action(name, input, callText(name));
    try {
      const tool = this.#tools.get(name);
      if (tool === undefined) throw unknownTool(name);
      const parsed = tool.schema.safeParse(input);
      if (!parsed.success) throw invalidInput(parsed.error.issues[0]);
      // Its own schema has just accepted it.
      const result = await tool.run(parsed.data as never, this.#context);
      return { ok: true, data: this.#succeeded(name, result), text: result.text };
    } catch (error) {
      this.#failed(name, error);
      if (error instanceof ToolError) return { ok: false, text: error.text };
      if (error instanceof AnalystError) return { ok: false, text: unavailable(error) };
      throw error;
    }
  }

  #succeeded<Output>(name: string, { data, text }: ToolResult<Output>): Output {
    this.#transcript.observation(name, text);
    this.#observed.push(data);
    return data;
  }

  #failed(name: string, error: unknown): unknown {
    if (error instanceof ToolError) this.#transcript.observation(name, error.text);
    else if (error instanceof AnalystError) this.#transcript.observation(name, unavailable(error));
    return error;
  }
}

const callText = (name: string): Bilingual => ({ en: `use ${name}`, zh: `调用 ${name}` });

const unavailable = ({ message }: AnalystError): Bilingual => ({
  en: `no telemetry: ${message}`,
  zh: `没有可用的遥测数据：${message}`,
});

const unknownTool = (name: string): ToolError =>
  new ToolError('TOOL_UNKNOWN', { en: `There is no tool ${name} here.`, zh: `这里没有工具 ${name}。` });

const invalidInput = (
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
): ToolError => {
  const where = issue?.path.join('.') || 'input';
  return new ToolError('TOOL_INPUT_INVALID', {
    en: `${where}: ${issue?.message ?? 'is not accepted'}`,
    zh: `${where}：${issue?.message ?? '不符合要求'}`,
  });
};
