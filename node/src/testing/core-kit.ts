/** One consensus core by hand: who says what to it, in which order, and what it wants done. */
import { type ConsensusState, createConsensus, type Effect, type Input, step } from '../consensus/index.ts';
import { headerHash } from '../protocol/hashing.ts';
import {
  type Block,
  type Certificate,
  type Hash,
  type Vote,
  type VoteKind,
  type VoteSubject,
  ZERO_HASH,
} from '../protocol/types.ts';

export const GENESIS: Hash = 'ee'.repeat(32);
export const SET: Hash = 'aa'.repeat(32);
export const EPOCH = 3;

export const sealOf = (validator: number, { kind, epoch, view, block }: VoteSubject): string =>
  `${validator}/${kind}/${epoch}/${view}/${block}`;

/** The first of four validators, in an epoch that ends at height 2 unless told otherwise. Blocks are taken as valid. */
export function core(lastHeight = 2): ConsensusState {
  const validators = [1, 2, 3, 4].map((number) => ({ key: `${number}`.padStart(64, '0'), power: 1 }));
  return createConsensus(
    {
      ...{ epoch: EPOCH, validators: { epoch: EPOCH, validators }, lastHeight, self: 0 },
      ...{ leaderTimeoutMs: 100, advanceTimeoutMs: 200, resendMs: 100 },
      verify: (subject, validator, signature) => signature === sealOf(validator, subject),
      sign: (subject) => sealOf(0, subject),
    },
    { hash: GENESIS, height: 0, view: 0 },
  );
}

export const subjectOf = (kind: VoteKind, view: number, block: Hash): VoteSubject => ({
  kind,
  epoch: EPOCH,
  view,
  block,
});

const signed = (validator: number, kind: VoteKind, view: number, block: Hash): Vote => {
  const subject = subjectOf(kind, view, block);
  return { ...subject, validator, signature: sealOf(validator, subject) };
};

export const vote = (validator: number, kind: VoteKind, view: number, block: Hash): Input => ({
  type: 'message',
  from: validator,
  message: { type: 'vote', vote: signed(validator, kind, view, block) },
});

/** The block as its leader proposes it. */
export const proposed = (leader: number, block: Block): Input => ({
  type: 'message',
  from: leader,
  message: { type: 'proposal', block, vote: signed(leader, 'notarize', block.header.view, hashOf(block)) },
});

export const certificateOf = (kind: VoteKind, view: number, block: Hash, signers = [1, 2, 3]): Certificate => {
  const subject = subjectOf(kind, view, block);
  return { ...subject, signers, signatures: signers.map((validator) => sealOf(validator, subject)) };
};

export const heard = (certificate: Certificate): Input => ({
  type: 'message',
  from: 1,
  message: { type: 'certificate', certificate },
});

export function blockOn(parent: Block | null, view: number, changes: Partial<Block['header']> = {}): Block {
  const height = (parent?.header.height ?? 0) + 1;
  const roots = { transactionsRoot: ZERO_HASH, receiptsRoot: ZERO_HASH, stateRoot: ZERO_HASH, evidenceRoot: ZERO_HASH };
  const header = {
    ...{ height, view, epoch: EPOCH, timestampMs: height, proposer: ZERO_HASH, ...roots },
    parentHash: parent ? headerHash(parent.header) : GENESIS,
    validatorSetHash: height > 2 ? ZERO_HASH : SET,
    ...changes,
  };
  return { header, transactions: [] };
}

export const hashOf = (block: Block): Hash => headerHash(block.header);
export const ofType = <T extends Effect['type']>(effects: readonly Effect[], type: T) =>
  effects.filter((effect): effect is Extract<Effect, { type: T }> => effect.type === type);

/** Notarized blocks with their bodies, one a view. */
export function notarized(state: ConsensusState, blocks: readonly Block[]): void {
  for (const block of blocks) {
    step(state, { type: 'block', block }, 0);
    step(state, heard(certificateOf('notarize', block.header.view, hashOf(block))), 0);
  }
}
