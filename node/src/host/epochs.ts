/**
 * Between two epochs: who is behind gets the certificate that ended the epoch it is in, who is ahead is a reason to
 * catch up, and what was said too early is heard again when its epoch begins.
 */
import type { LogRecord } from '../consensus/index.ts';
import type { NodeKey } from '../ports/index.ts';
import type { Certificate } from '../protocol/types.ts';
import { type ConsensusMessage, encodeConsensusMessage } from '../protocol/wire.ts';
import type { CatchUp } from './catch-up.ts';
import { EARLY_MESSAGES_MAX, FOLLOW_MS } from './constants.ts';
import type { NodeDependencies } from './dependencies.ts';
import type { Timers } from './timers.ts';

interface EpochParts {
  readonly deps: Pick<NodeDependencies, 'network' | 'timing'>;
  readonly timers: Timers;
  readonly catchUp: Pick<CatchUp, 'start' | 'isTold'>;
  /** The epoch that the core runs. */
  readonly epoch: () => number;
  /** True while this node is not in the epoch's set: nobody sends it votes, so it asks. */
  readonly follows: () => boolean;
  readonly hear: (from: NodeKey, message: ConsensusMessage) => void;
}

interface Early {
  readonly from: NodeKey;
  readonly message: ConsensusMessage;
}

const epochOfMessage = (message: ConsensusMessage): number =>
  message.type === 'certificate' ? message.certificate.epoch : message.vote.epoch;

const epochOfRecord = (record: LogRecord): number => {
  if (record.type === 'block') return record.block.header.epoch;
  return record.type === 'vote' ? record.vote.epoch : record.certificate.epoch;
};

export class Epochs {
  private readonly parts: EpochParts;
  /** What the log held at the start. */
  private logged: readonly LogRecord[] = [];
  /** The finalization that ended the epoch before this one. */
  private closing: Certificate | null = null;
  /** The newest message of each sender and sort that is of the next epoch. */
  private readonly early = new Map<string, Early>();

  constructor(parts: EpochParts) {
    this.parts = parts;
  }

  restore(records: readonly LogRecord[]): void {
    this.logged = records;
  }

  /** What the log held at the start of this epoch or a later one. An older epoch has ended for good. */
  records(): readonly LogRecord[] {
    this.logged = this.logged.filter((record) => epochOfRecord(record) >= this.parts.epoch());
    return this.logged;
  }

  /**
   * Records of epochs that this node was in and, its chain having been deleted, has not reached again: it signed there,
   * so they stay in the log.
   */
  later(): readonly LogRecord[] {
    return this.logged.filter((record) => epochOfRecord(record) > this.parts.epoch());
  }

  ended(certificate: Certificate): void {
    this.closing = certificate;
  }

  /** True for a message of this epoch; what another one calls for is done here. */
  isCurrent(from: NodeKey, message: ConsensusMessage): boolean {
    const epoch = epochOfMessage(message);
    const current = this.parts.epoch();
    if (epoch < current) this.answer(from, message);
    if (epoch > current) this.keep(from, message, epoch === current + 1);
    return epoch === current;
  }

  /** Who still gives up on views of an epoch that has ended lacks nothing but its end. */
  private answer(from: NodeKey, message: ConsensusMessage): void {
    if (!this.closing || message.type !== 'vote' || message.vote.kind !== 'nullify') return;
    const { network } = this.parts.deps;
    network.sendConsensus(from, encodeConsensusMessage({ type: 'certificate', certificate: this.closing }));
  }

  private keep(from: NodeKey, message: ConsensusMessage, isNext: boolean): void {
    const { timers, catchUp, deps, epoch } = this.parts;
    const kind = message.type === 'certificate' ? message.certificate.kind : message.vote.kind;
    const sort = `${from}/${message.type}/${kind}`;
    if (isNext && (this.early.has(sort) || this.early.size < EARLY_MESSAGES_MAX))
      this.early.set(sort, { from, message });
    if (timers.has('epoch')) return;
    // Most often the end of this epoch is on its way already.
    const seen = epoch();
    timers.after('epoch', deps.timing.resendMs, () => {
      if (epoch() === seen) catchUp.start();
    });
  }

  /** The core of a new epoch runs: what came too early is heard now. */
  begin(): void {
    const early = [...this.early.values()];
    this.early.clear();
    for (const { from, message } of early) this.parts.hear(from, message);
  }

  /** A node outside the set asks its peers how far they are, again and again, unless they tell it unasked. */
  follow(): void {
    const { timers, follows, catchUp } = this.parts;
    if (!follows() || timers.has('follow')) return;
    timers.after('follow', FOLLOW_MS, () => {
      if (!catchUp.isTold) catchUp.start();
      this.follow();
    });
  }
}
