/** What the models behind a testnet's agents used up, as each node counts it at `/metrics`. */
import type { Testnet } from '../testnet/testnet.ts';

export type ModelUsage = {
  readonly decisions: number;
  /** Decisions that the deterministic reasoner made instead. */
  readonly degraded: number;
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** In the currency of OPENAI_PRICE_INPUT and OPENAI_PRICE_OUTPUT; null where no price is set. */
  readonly cost: number | null;
};

const MICROS = 1_000_000;

export async function usageOf(testnet: Testnet): Promise<ModelUsage> {
  const texts = await Promise.all(
    testnet.nodes.map(async (node) => (await fetch(`${testnet.url(node)}/metrics`)).text()),
  );
  return usageIn(texts);
}

/** @param metrics the exposition of each node */
export function usageIn(metrics: readonly string[]): ModelUsage {
  const total = (name: string): number | null => {
    const line = new RegExp(`^dao_gov_agent_model_${name}_total (\\S+)$`, 'm');
    const counted = metrics.flatMap((text) => line.exec(text)?.[1] ?? []);
    return counted.length === 0 ? null : counted.reduce((sum, value) => sum + Number(value), 0);
  };
  const micros = total('cost_micros');
  return {
    decisions: total('decisions') ?? 0,
    degraded: total('degraded') ?? 0,
    requests: total('requests') ?? 0,
    promptTokens: total('prompt_tokens') ?? 0,
    completionTokens: total('completion_tokens') ?? 0,
    cost: micros === null ? null : micros / MICROS,
  };
}
