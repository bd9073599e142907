/** A text in both languages of the product, as the chain and the evidence carry it. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** The same where one of the languages may be absent. */
export interface SpokenText {
  readonly en?: string | undefined;
  readonly zh?: string | undefined;
}
