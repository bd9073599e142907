/** Certificates in a bundle hold just a quorum: less to verify, and nothing can go without being missed. */
import { quorumPower } from '../power.ts';
import type { Certificate, ValidatorSet } from '../types.ts';
import { sum } from './tally.ts';

export const powerOf = ({ validators }: ValidatorSet, signers: readonly number[]): number =>
  sum(signers.map((signer) => validators[signer]?.power ?? 0));

export const totalPower = ({ validators }: ValidatorSet): number => sum(validators.map(({ power }) => power));

/**
 * The certificate with the strongest signers that make a quorum, and no more.
 * @param certificate of this set, with a quorum
 */
export function trimmed(certificate: Certificate, set: ValidatorSet): Certificate {
  const quorum = quorumPower(totalPower(set));
  const strongest = certificate.signers
    .map((signer, place) => ({ signer, place, power: set.validators[signer]?.power ?? 0 }))
    .sort((a, b) => b.power - a.power || a.signer - b.signer);
  let power = 0;
  const kept = strongest.filter((signer) => {
    const wanted = power < quorum;
    if (wanted) power += signer.power;
    return wanted;
  });
  kept.sort((a, b) => a.signer - b.signer);
  return {
    ...certificate,
    signers: kept.map(({ signer }) => signer),
    signatures: kept.map(({ place }) => certificate.signatures[place] as string), // one signature a signer
  };
}

/** A quorum, and none if any signer went. */
export function isMinimalQuorum({ signers }: Certificate, set: ValidatorSet): boolean {
  const quorum = quorumPower(totalPower(set));
  const power = powerOf(set, signers);
  const weakest = Math.min(...signers.map((signer) => set.validators[signer]?.power ?? 0));
  return power >= quorum && power - weakest < quorum;
}

/** The validators of an epoch: those of the newest change that is not after it. Undefined without any so early. */
export function setIn(changes: Iterable<ValidatorSet>, epoch: number): ValidatorSet | undefined {
  let newest: ValidatorSet | undefined;
  for (const set of changes) if (set.epoch <= epoch && set.epoch >= (newest?.epoch ?? 0)) newest = set;
  return newest && { epoch, validators: newest.validators };
}
