/** What is known of an evidence blob without trusting it: its size, its kind, and the lines of a transcript. */
import type { ChainStore } from '../../ports/index.ts';
import { type TranscriptEntry, transcriptSchema } from '../../protocol/evidence.ts';
import type { Hash } from '../../protocol/types.ts';
import { TRANSCRIPTS_KEPT } from '../constants.ts';
import { LruCache } from '../lru.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON value in a blob; undefined when it is not JSON in UTF-8. */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

export class EvidenceReader {
  readonly #store: Pick<ChainStore, 'evidence'>;
  readonly #transcripts = new LruCache<Hash, Promise<readonly TranscriptEntry[]>>(TRANSCRIPTS_KEPT);

  constructor(store: Pick<ChainStore, 'evidence'>) {
    this.#store = store;
  }

  bytes(hash: Hash): Promise<Uint8Array | undefined> {
    return this.#store.evidence(hash);
  }

  /** Size and kind, both null while this node does not hold the blob. */
  async describe(hash: Hash): Promise<{ hash: Hash; bytes: number | null; kind: string | null }> {
    const bytes = await this.bytes(hash);
    if (!bytes) return { hash, bytes: null, kind: null };
    const value = jsonOf(bytes);
    const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : null;
    return { hash, bytes: bytes.length, kind: typeof kind === 'string' ? kind.slice(0, 80) : null };
  }

  /** The lines of a transcript; none when the blob is another kind of evidence, or is not here yet. */
  async transcript(hash: Hash): Promise<readonly TranscriptEntry[]> {
    const known = this.#transcripts.get(hash);
    if (known) return known;
    const bytes = await this.bytes(hash);
    if (!bytes) return [];
    const parsed = transcriptSchema.safeParse(jsonOf(bytes));
    const entries = parsed.success ? parsed.data.entries : [];
    this.#transcripts.set(hash, Promise.resolve(entries));
    return entries;
  }
}
