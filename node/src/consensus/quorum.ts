/** Votes into certificates and back. */
import type { Certificate, Vote, VoteSubject } from '../protocol/types.ts';
import type { ConsensusState } from './types.ts';

export const powerOf = (state: ConsensusState, signers: Iterable<number>): number => {
  let power = 0;
  for (const index of signers) power += state.config.validators.validators[index]?.power ?? 0;
  return power;
};

export function certificateOf(subject: VoteSubject, votes: ReadonlyMap<number, Vote>): Certificate {
  const signers = [...votes.keys()].sort((a, b) => a - b);
  return {
    kind: subject.kind,
    epoch: subject.epoch,
    view: subject.view,
    block: subject.block,
    signers,
    signatures: signers.map((index) => (votes.get(index) as Vote).signature), // the keys come from the map itself
  };
}

/** Votes of one validator that were verified before make their part of a certificate free. */
export function verifyCertificate(
  state: ConsensusState,
  certificate: Certificate,
  known: ReadonlyMap<number, Vote> | undefined,
): boolean {
  const { signers, signatures } = certificate;
  if (signers.length !== signatures.length) return false;
  if (signers.some((index, place) => place > 0 && index <= (signers[place - 1] as number))) return false;
  if (signers.some((index) => index >= state.config.validators.validators.length)) return false;
  if (powerOf(state, signers) < state.quorum) return false;
  return signers.every((index, place) => {
    const signature = signatures[place] as string; // same length as signers
    return known?.get(index)?.signature === signature || state.config.verify(certificate, index, signature);
  });
}
