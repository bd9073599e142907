/** What one decision of a model uses up: counted as it happens, also when nothing comes of it. */
import type { ModelUsage } from '@dao-gov/node/protocol';
import { ModelError } from './errors.ts';
import type { OpenaiSettings } from './settings.ts';

/** Characters a token, for what no server has counted. */
const CHARS_PER_TOKEN = 4;
const MICROS = 1_000_000;

export const estimatedTokens = (text: string): number => Math.ceil(text.length / CHARS_PER_TOKEN);

/** How the answer was had, from the best way down; `builtin`: the deterministic reasoner decided. */
export type AnsweredBy = ModelUsage['answeredBy'];

export class Meter {
  readonly #settings: OpenaiSettings;
  /** HTTP requests, those included that were repeated or refused. */
  requests = 0;
  promptTokens = 0;
  completionTokens = 0;

  constructor(settings: OpenaiSettings) {
    this.#settings = settings;
  }

  get tokens(): number {
    return this.promptTokens + this.completionTokens;
  }

  /** Millionths of the currency that prices are given in; null without prices. */
  get costMicros(): number | null {
    return this.#costOf(this.promptTokens, this.completionTokens);
  }

  get requestsLeft(): number {
    return Math.max(0, this.#settings.stepsMax - this.requests);
  }

  /** Refuses a request that would not fit any more, before it costs anything. @throws ModelError BUDGET_EXHAUSTED */
  afford(promptTokens: number): void {
    const { tokensMax, stepsMax, costMax } = this.#settings;
    const exhausted = (what: string): ModelError => new ModelError('BUDGET_EXHAUSTED', what);
    if (this.requestsLeft === 0) throw exhausted(`no decision within ${stepsMax} requests`);
    if (this.tokens + promptTokens > tokensMax) throw exhausted(`${this.tokens} of ${tokensMax} tokens are used up`);
    const cost = this.#costOf(this.promptTokens + promptTokens, this.completionTokens);
    if (costMax !== undefined && cost !== null && cost > costMax * MICROS) throw exhausted('the cost is too high');
  }

  usage(answeredBy: AnsweredBy): ModelUsage {
    const { requests, promptTokens, completionTokens, costMicros } = this;
    return { model: this.#settings.model, answeredBy, requests, promptTokens, completionTokens, costMicros };
  }

  #costOf(promptTokens: number, completionTokens: number): number | null {
    const { priceInput, priceOutput } = this.#settings;
    if (priceInput === undefined || priceOutput === undefined) return null;
    // A price per million tokens is a price in millionths per token.
    return Math.round(promptTokens * priceInput + completionTokens * priceOutput);
  }
}
