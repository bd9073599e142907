/**
 * Who signs, as a node sees it that hears no votes: the signers of finalizations, and the leaders whose views no block
 * came of. It knows less than a validator: a signature that came after the quorum stands in no certificate.
 */
import { leaderOf } from '../consensus/index.ts';
import type { Certificate, Header } from '../protocol/types.ts';

/** Skipped views that are looked at between two blocks: the newest; what lies further back is past. */
const SKIPPED_VIEWS_MAX = 64;

export class ObservedActivity {
  private epoch = -1;
  /** Newest view by the validator's index in its epoch. */
  private readonly signed = new Map<number, number>();
  private readonly missed = new Map<number, number>();

  /** A block that follows another one of the chain has become final. */
  noteBlock(header: Header, parent: Pick<Header, 'view' | 'epoch'>, cycle: readonly number[]): void {
    this.enter(header.epoch);
    if (parent.epoch !== header.epoch) return;
    for (let view = Math.max(parent.view + 1, header.view - SKIPPED_VIEWS_MAX); view < header.view; view += 1) {
      this.missed.set(leaderOf(cycle, header.epoch, view), view);
    }
  }

  noteCertificate({ epoch, view, signers }: Certificate): void {
    this.enter(epoch);
    for (const signer of signers) this.signed.set(signer, Math.max(view, this.lastSigned(signer)));
  }

  lastSigned(validator: number): number {
    return this.signed.get(validator) ?? 0;
  }

  isSilent(validator: number): boolean {
    return (this.missed.get(validator) ?? 0) > this.lastSigned(validator);
  }

  /** An index means another validator in another epoch. */
  private enter(epoch: number): void {
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    this.signed.clear();
    this.missed.clear();
  }
}
