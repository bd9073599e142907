/** The invariants of agreement, checked at every vote that leaves, every record that is kept, every block that is final. */
import type { Effect, LogRecord } from '../../consensus/index.ts';
import { headerHash } from '../../protocol/hashing.ts';
import { quorumPower } from '../../protocol/power.ts';
import type { Block, Certificate, Hash, Header, Validator, ValidatorKey, Vote } from '../../protocol/types.ts';
import { isTail } from '../../protocol/validator-set.ts';
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

export interface MonitorOptions {
  /** The validators of an epoch; undefined while no honest node has reached it. */
  readonly setOf: (epoch: number) => readonly Validator[] | undefined;
  readonly isHonest: (key: ValidatorKey) => boolean;
  /** The epoch that a block of this height belongs to. */
  readonly epochAt: (height: number) => number;
  /** False leaves a believed forgery to be found by what it leads to. */
  readonly readsCertificates?: boolean;
}

/** Options for one epoch of honest validators. */
export const oneEpoch = (validators: readonly Validator[]): MonitorOptions => ({
  setOf: (epoch) => (epoch === 0 ? validators : undefined),
  isHonest: () => true,
  epochAt: () => 0,
});

export class ConsensusMonitor {
  private readonly options: Required<MonitorOptions>;
  private readonly signed = new Map<string, Signed>();
  private readonly views = new Map<string, ViewTally>();
  private readonly finalAt: Hash[] = [GENESIS_HASH];

  constructor(options: MonitorOptions) {
    this.options = { readsCertificates: true, ...options };
  }

  private keyOf({ epoch, validator }: Pick<Vote, 'epoch' | 'validator'>): ValidatorKey | undefined {
    return this.options.setOf(epoch)?.[validator]?.key;
  }

  get height(): number {
    return this.finalAt.length - 1;
  }

  /** A message that left a machine that runs with this key. */
  sent(from: ValidatorKey, message: ConsensusMessage): void {
    if (message.type === 'certificate') return;
    const { vote } = message;
    if (this.keyOf(vote) !== from) return;
    if (this.options.isHonest(from)) this.noteHonest(from, vote);
    this.tally(vote);
  }

  private noteHonest(from: ValidatorKey, vote: Vote): void {
    const key = `${from}/${vote.epoch}/${vote.view}`;
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
    const place = `${vote.epoch}/${vote.view}`;
    const view = this.views.get(place) ?? { signers: new Map(), quorums: new Set() };
    this.views.set(place, view);
    const subject = `${vote.kind}/${vote.block}`;
    if (view.quorums.has(subject)) return;
    const signers = view.signers.get(subject) ?? new Set();
    view.signers.set(subject, signers.add(vote.validator));
    const set = this.options.setOf(vote.epoch) ?? [];
    let power = 0;
    for (const index of signers) power += set[index]?.power ?? 0;
    if (power < quorumPower(set.reduce((sum, one) => sum + one.power, 0))) return;
    view.quorums.add(subject);
    const kinds = [...view.quorums].map((one) => one.split('/')[0]);
    const twice = new Set(kinds).size < kinds.length;
    if (twice || (kinds.includes('nullify') && kinds.includes('finalize'))) {
      throw new Violation('one-quorum-per-view', `view ${place} has quorums of ${[...view.quorums].join(' and ')}`);
    }
  }

  /** Records that an honest node is about to keep: it acts on their certificates. */
  kept(records: readonly LogRecord[]): void {
    for (const record of records) if (record.type === 'certificate') this.genuine(record.certificate);
  }

  private genuine(certificate: Certificate): void {
    const { kind, view, epoch, signers } = certificate;
    const set = this.options.setOf(epoch);
    if (!this.options.readsCertificates || (set && isGenuine(certificate, set, epoch))) return;
    throw new Violation(
      'certificates-genuine',
      `${kind} of view ${epoch}/${view} by ${signers.join(', ')} was believed`,
    );
  }

  accused({ first, second }: Extract<Effect, { type: 'accuse' }>): void {
    const key = this.keyOf(first);
    if (key !== undefined && key === this.keyOf(second) && !this.options.isHonest(key)) return;
    throw new Violation('honest-never-accused', `validator ${first.validator} in view ${first.epoch}/${first.view}`);
  }

  /** Blocks that became final at an honest node whose chain is `chain` so far. */
  final(
    chain: readonly Block[],
    { blocks, tails, certificate }: Omit<Extract<Effect, { type: 'finalize' }>, 'type'>,
  ): void {
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
      this.assertOfTheChain(header);
      parent = hashOf(block);
      this.agreed(height, parent);
    }
    for (const tail of tails) parent = tail.parentHash === parent ? headerHash(tail) : '';
    if (certificate.kind !== 'finalize' || certificate.block !== parent) {
      throw new Violation('final-blocks-valid', `block ${height} came without its own finalization`);
    }
  }

  private assertOfTheChain({ height, epoch, stateRoot, validatorSetHash }: Header): void {
    if (stateRoot === INVALID_ROOT) throw new Violation('final-blocks-valid', `block ${height} is invalid`);
    const expected = this.options.epochAt(height);
    if (epoch !== expected || isTail({ validatorSetHash })) {
      throw new Violation('final-blocks-valid', `block ${height} of epoch ${epoch} belongs into epoch ${expected}`);
    }
  }

  /** A block that became final somewhere. */
  agreed(height: number, hash: Hash): void {
    const known = this.finalAt[height];
    if (known && known !== hash) throw new Violation('agreement', `two final blocks at height ${height}`);
    this.finalAt[height] = hash;
  }
}
