/**
 * An agent's mind on record: thought, action, observation, answer, in both languages of the product. It travels as
 * evidence with the transaction that came of it, so that a reader sees why, not only what.
 */
import {
  canonicalText,
  EVIDENCE_BLOB_BYTES_MAX,
  type ModelUsage,
  type Role,
  type Transcript,
  type TranscriptEntry,
  utf8Bytes,
} from '@dao-gov/node/protocol';
import type { Bilingual } from '../../analysis/index.ts';
import { TRANSCRIPT_ENTRIES_MAX, TRANSCRIPT_TEXT_CHARS_MAX } from '../constants.ts';
import { blobOf } from './blob.ts';
import { fitting } from './text.ts';

/** Writes entries down as they happen. */
export class TranscriptRecorder {
  readonly #entries: TranscriptEntry[] = [];
  #usage: ModelUsage | undefined;

  get entries(): readonly TranscriptEntry[] {
    return this.#entries;
  }

  /** What a model has cost so far; undefined when none was asked. */
  get usage(): ModelUsage | undefined {
    return this.#usage;
  }

  /** A duty may take several decisions: what they used up adds up, and the last one says how it was answered. */
  spent(usage: ModelUsage): void {
    const before = this.#usage;
    const sum = (key: 'requests' | 'promptTokens' | 'completionTokens'): number => (before?.[key] ?? 0) + usage[key];
    const costs = [before?.costMicros ?? (before === undefined ? 0 : null), usage.costMicros];
    this.#usage = {
      ...usage,
      model: fitting(usage.model, 200),
      ...{ requests: sum('requests'), promptTokens: sum('promptTokens'), completionTokens: sum('completionTokens') },
      costMicros: costs.reduce((total, cost) => (total === null || cost === null ? null : total + cost), 0),
    };
  }

  thought(text: Bilingual): void {
    this.#add({ type: 'thought', text });
  }

  answer(text: Bilingual): void {
    this.#add({ type: 'answer', text });
  }

  /** @param input any JSON value of integers and texts */
  action(tool: string, input: unknown, text: Bilingual): void {
    this.#add({ type: 'action', text, tool, input: inputText(input) });
  }

  observation(tool: string, text: Bilingual): void {
    this.#add({ type: 'observation', text, tool });
  }

  #add(entry: TranscriptEntry): void {
    const cut = (text: string): string => fitting(text, TRANSCRIPT_TEXT_CHARS_MAX);
    const { tool, input } = entry;
    this.#entries.push({
      type: entry.type,
      text: { en: cut(entry.text.en), zh: cut(entry.text.zh) },
      ...(tool === undefined ? {} : { tool: fitting(tool, 80) }),
      ...(input === undefined ? {} : { input: cut(input) }),
    });
  }
}

/** Canonical where the input allows it: a model may send anything. */
function inputText(input: unknown): string {
  try {
    return canonicalText(input);
  } catch {
    return JSON.stringify(input) ?? 'null';
  }
}

export interface TranscriptHead {
  readonly role: Role;
  readonly reasoner: string;
  /** Empty for what happens before an incident is open. */
  readonly incidentId: string;
  readonly purpose: string;
}

/** The transcript as a blob. One that is too long loses its middle: how it began and ended says most. */
export function transcriptBlob(
  head: TranscriptHead,
  entries: readonly TranscriptEntry[],
  usage?: ModelUsage,
): Uint8Array {
  const document = (kept: readonly TranscriptEntry[]): Transcript => ({
    kind: 'transcript',
    ...head,
    reasoner: fitting(head.reasoner, 80),
    entries: [...kept],
    ...(usage && { usage }),
  });
  let kept = shortened(entries, TRANSCRIPT_ENTRIES_MAX);
  while (utf8Bytes(canonicalText(document(kept))).length > EVIDENCE_BLOB_BYTES_MAX && kept.length > 2) {
    kept = shortened(entries, Math.floor(kept.length / 2));
  }
  return blobOf(document(kept));
}

function shortened(entries: readonly TranscriptEntry[], entriesMax: number): readonly TranscriptEntry[] {
  if (entries.length <= entriesMax) return entries;
  const tail = Math.ceil((entriesMax - 1) / 2);
  const head = Math.max(0, entriesMax - 1 - tail);
  const left = entries.length - head - tail;
  const note: TranscriptEntry = {
    type: 'thought',
    text: { en: `[${left} entries left out]`, zh: `[省略 ${left} 条记录]` },
  };
  return [...entries.slice(0, head), note, ...entries.slice(entries.length - tail)];
}
