/** The invariants of agreement, checked at every vote that leaves, every record that is kept, every block that is final. */
import type { Effect, LogRecord } from '../../consensus/index.ts';
import { quorumPower } from '../../protocol/power.ts';
import type { Block, Certificate, Hash, Validator, Vote } from '../../protocol/types.ts';
import type { ConsensusMessage } from '../../protocol/wire.ts';
import { GENESIS_HASH, INVALID_ROOT } from './constants.ts';
import { hashOf, isGenuine } from './seals.ts';
import { Violation } from './violation.ts';

interface Signed {
  notarize?: Hash;
  nullify?: Hash;
  finalize?: Hash;
}

/** Signers by kind and block, and what reached a quorum of all votes ever sent, whoever counted them. */
interface ViewTally {
  readonly signers: Map<string, Set<number>>;
  readonly quorums: Set<string>;
}

export class ConsensusMonitor {
  private readonly validators: readonly Validator[];
  private readonly isHonest: (validator: number) => boolean;
  private readonly quorum: number;
  private readonly readsCertificates: boolean;
  private readonly signed = new Map<string, Signed>();
  private readonly views = new Map<number, ViewTally>();
  private readonly finalAt: Hash[] = [GENESIS_HASH];

  /** @param readsCertificates false leaves a believed forgery to be found by what it leads to */
  constructor(validators: readonly Validator[], isHonest: (validator: number) => boolean, readsCertificates = true) {
    this.readsCertificates = readsCertificates;
    this.validators = validators;
    this.isHonest = isHonest;
    this.quorum = quorumPower(validators.reduce((sum, { power }) => sum + power, 0));
  }

  get height(): number {
    return this.finalAt.length - 1;
  }

  /** A message that left the process of validator `from`. */
  sent(from: number, message: ConsensusMessage): void {
    if (message.type === 'certificate') return;
    const { vote } = message;
    if (vote.epoch !== 0 || vote.validator !== from) return;
    if (this.isHonest(from)) this.noteHonest(vote);
    this.tally(vote);
  }

  private noteHonest(vote: Vote): void {
    const key = `${vote.validator}/${vote.view}`;
    const signed = this.signed.get(key) ?? {};
    this.signed.set(key, signed);
    const before = signed[vote.kind];
    signed[vote.kind] = vote.block;
    if ((before !== undefined && before !== vote.block) || (signed.nullify && signed.finalize)) {
      const detail = `validator ${vote.validator} sent ${vote.kind} against its own word in view ${vote.view}`;
      throw new Violation('no-honest-double-sign', detail);
    }
  }

  private tally(vote: Vote): void {
    const view = this.views.get(vote.view) ?? { signers: new Map(), quorums: new Set() };
    this.views.set(vote.view, view);
    const subject = `${vote.kind}/${vote.block}`;
    if (view.quorums.has(subject)) return;
    const signers = view.signers.get(subject) ?? new Set();
    view.signers.set(subject, signers.add(vote.validator));
    let power = 0;
    for (const index of signers) power += this.validators[index]?.power ?? 0;
    if (power < this.quorum) return;
    view.quorums.add(subject);
    const kinds = [...view.quorums].map((one) => one.split('/')[0]);
    const twice = new Set(kinds).size < kinds.length;
    if (twice || (kinds.includes('nullify') && kinds.includes('finalize'))) {
      throw new Violation('one-quorum-per-view', `view ${vote.view} has quorums of ${[...view.quorums].join(' and ')}`);
    }
  }

  /** Records that an honest node is about to keep: it acts on their certificates. */
  kept(records: readonly LogRecord[]): void {
    for (const record of records) if (record.type === 'certificate') this.genuine(record.certificate);
  }

  private genuine(certificate: Certificate): void {
    if (!this.readsCertificates || isGenuine(certificate, this.validators)) return;
    const { kind, view, signers } = certificate;
    throw new Violation('certificates-genuine', `${kind} of view ${view} by ${signers.join(', ')} was believed`);
  }

  accused({ first, second }: Extract<Effect, { type: 'accuse' }>): void {
    if (first.validator === second.validator && !this.isHonest(first.validator)) return;
    throw new Violation('honest-never-accused', `validator ${first.validator} in view ${first.view}`);
  }

  /** Blocks that became final at an honest node whose chain is `chain` so far. */
  final(chain: readonly Block[], blocks: readonly Block[], certificate: Certificate): void {
    this.genuine(certificate);
    let height = chain.length;
    let parent = chain.length > 0 ? hashOf(chain.at(-1) as Block) : GENESIS_HASH; // not empty
    for (const block of blocks) {
      const { header } = block;
      height += 1;
      if (header.height !== height || header.parentHash !== parent) {
        throw new Violation(
          'final-never-reverted',
          `block ${header.height} does not stand on final block ${height - 1}`,
        );
      }
      if (header.stateRoot === INVALID_ROOT) throw new Violation('final-blocks-valid', `block ${height} is invalid`);
      parent = hashOf(block);
      this.agreed(height, parent);
    }
    if (certificate.kind !== 'finalize' || certificate.block !== parent) {
      throw new Violation('final-blocks-valid', `block ${height} came without its own finalization`);
    }
  }

  /** A block that became final somewhere. */
  agreed(height: number, hash: Hash): void {
    const known = this.finalAt[height];
    if (known && known !== hash) throw new Violation('agreement', `two final blocks at height ${height}`);
    this.finalAt[height] = hash;
  }
}
