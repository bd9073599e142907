/**
 * The operations log, composed from final blocks: for each transaction what its agent thought, did and saw (out of the
 * transcripts among its evidence), then what the chain made of it; after the transactions, what the chain did by itself.
 */
import type { NodeView, StoredBlock } from '../../ports/index.ts';
import type { LogLine } from '../../protocol/api/index.ts';
import { EVIDENCE_PER_TRANSACTION_MAX } from '../../protocol/constants.ts';
import type { TranscriptEntry } from '../../protocol/evidence.ts';
import type { Receipt } from '../../protocol/types.ts';
import type { Placed } from '../pages.ts';
import { idOf } from '../pages.ts';
import type { EvidenceReader } from './evidence.ts';
import { partyOf } from './parties.ts';
import { argsOf, incidentOf } from './transactions.ts';

/**
 * Lines keep their ids when a transcript arrives after its block: each blob has this many places (a transcript has at
 * most 200 entries), and events stand after those of all blobs.
 */
const PLACES_PER_BLOB = 1_000;
const FIRST_EVENT = PLACES_PER_BLOB * EVIDENCE_PER_TRANSACTION_MAX;
/** Characters of a line's text; the whole entry stands in the transcript. */
const TEXT_LENGTH_MAX = 2_000;

/** Cuts at a whole character; undefined for nothing. */
function clipped(text: string): string | undefined {
  if (text.length <= TEXT_LENGTH_MAX) return text === '' ? undefined : text;
  return `${text.slice(0, TEXT_LENGTH_MAX - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function textOf({ text }: TranscriptEntry): LogLine['text'] {
  const en = clipped(text.en);
  const zh = clipped(text.zh);
  return en || zh ? { ...(en && { en }), ...(zh && { zh }) } : null;
}

/** What all lines of one receipt share. */
type Common = Pick<LogLine, 'timestampMs' | 'height' | 'agent' | 'incidentId' | 'transaction'>;

export class LogComposer {
  readonly #node: NodeView;
  readonly #evidence: EvidenceReader;

  constructor(node: NodeView, evidence: EvidenceReader) {
    this.#node = node;
    this.#evidence = evidence;
  }

  /** Lines of a block, the oldest first. */
  async linesOf(stored: StoredBlock): Promise<readonly Placed<LogLine>[]> {
    const lines: Placed<LogLine>[] = [];
    for (const [index, receipt] of stored.receipts.entries()) {
      const common = this.#commonOf(stored, index, receipt);
      lines.push(...(await this.#transcriptLines(stored, index, common)));
      lines.push(...this.#eventLines(stored, index, receipt, common));
    }
    return lines;
  }

  #commonOf({ block }: StoredBlock, index: number, receipt: Receipt): Common {
    const { state } = this.#node.final();
    const transaction = block.transactions[index];
    const { height, timestampMs } = block.header;
    const data = receipt.events.map((event) => event.data);
    return {
      ...{ height, timestampMs },
      transaction: receipt.transaction,
      agent: transaction ? partyOf(state, transaction.sender) : null,
      incidentId: transaction ? incidentOf(state, [argsOf(transaction), ...data]) : null,
    };
  }

  async #transcriptLines({ block }: StoredBlock, index: number, common: Common): Promise<Placed<LogLine>[]> {
    const hashes = block.transactions[index]?.evidence ?? [];
    const transcripts = await Promise.all(hashes.map((hash) => this.#evidence.transcript(hash)));
    return transcripts.flatMap((entries, blob) =>
      entries.map((entry, at) => {
        const place = [common.height, index, blob * PLACES_PER_BLOB + at];
        const data = entry.input === undefined ? {} : { input: entry.input };
        const line = { kind: entry.type, text: textOf(entry), tool: entry.tool ?? null, event: null, data };
        return { place, item: { id: idOf(place), ...common, ...line } };
      }),
    );
  }

  #eventLines(stored: StoredBlock, index: number, receipt: Receipt, common: Common): Placed<LogLine>[] {
    const { state } = this.#node.final();
    const events = receipt.status === 'failed' ? [failure(stored, index, receipt)] : receipt.events;
    return events.map(({ name, data }, at) => {
      const place = [common.height, index, FIRST_EVENT + at];
      const incidentId = incidentOf(state, [data]) ?? common.incidentId;
      const line = { kind: 'event' as const, text: null, tool: null, event: name, data: { ...data } };
      return { place, item: { id: idOf(place), ...common, incidentId, ...line } };
    });
  }
}

/** A failed transaction has no events of its own; the log must not be silent about it. */
function failure({ block }: StoredBlock, index: number, { reason, detail }: Receipt) {
  return { name: 'TransactionFailed', data: { type: block.transactions[index]?.type ?? '', reason, detail } };
}
