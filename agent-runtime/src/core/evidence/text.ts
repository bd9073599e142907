/** Texts that fit where the protocol bounds them. */
import type { Bilingual } from '../../analysis/index.ts';
import { CALL_SENTENCE_CHARS_MAX } from '../constants.ts';

/** The text within a length; what was cut is marked. Never half a character. */
export function fitting(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text.toWellFormed();
  return `${text.slice(0, charactersMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`.toWellFormed();
}

/** A sentence of a call: bounded, and never empty. */
const sentence = (text: string): string => fitting(text.trim(), CALL_SENTENCE_CHARS_MAX) || '-';

export const sentences = ({ en, zh }: Bilingual): Bilingual => ({ en: sentence(en), zh: sentence(zh) });
