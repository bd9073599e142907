/**
 * What stands for signatures: a seal names its signer and the whole subject, so none can be moved to another signer or
 * subject. The simulation hands an actor nobody's seals but its own. Real signatures would take most of a run's time.
 */
import { headerHash } from '../../protocol/hashing.ts';
import { quorumPower } from '../../protocol/power.ts';
import type { Block, Certificate, Hash, Validator, VoteSubject } from '../../protocol/types.ts';

export const sealOf = (validator: number, { kind, epoch, view, block }: VoteSubject): string =>
  `${validator}/${kind}/${epoch}/${view}/${block}`;

export const hashOf = (block: Block): Hash => headerHash(block.header);

/** Whether a certificate is what it says, by the simulation's own reading of the rules. */
export function isGenuine(certificate: Certificate, validators: readonly Validator[], epoch: number): boolean {
  const { signers, signatures } = certificate;
  if (certificate.epoch !== epoch || new Set(signers).size !== signers.length) return false;
  const total = validators.reduce((sum, { power }) => sum + power, 0);
  const power = signers.reduce((sum, index) => sum + (validators[index]?.power ?? 0), 0);
  return (
    power >= quorumPower(total) && signers.every((index, place) => signatures[place] === sealOf(index, certificate))
  );
}
