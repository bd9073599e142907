/**
 * What an agent claims at its turn to propose. The fused probability leads, whoever proposes. Where that is not
 * conclusive, an agent whose own view is sure may claim what it sees: it stakes its own tokens, and the others vote.
 */
import { OWN_CLAIM_PROBABILITY_MIN } from '../constants.ts';
import type { FaultKind } from '../findings.ts';

/** Probability in thousandths. */
interface Probable {
  readonly node: string;
  readonly probability: number;
}

export interface Claim extends Probable {
  readonly faultKind: FaultKind;
}

/** Candidates most probable first. */
export interface Claimable {
  readonly conclusive: boolean;
  readonly candidates: readonly Claim[];
  /** As the agent's own view ranks them. */
  readonly own: readonly Probable[];
}

/**
 * @param rejected causes that were voted down
 * @param probabilityMin thousandths below which a claim costs more than it brings
 * @returns null where nothing is sure enough to be claimed
 */
export function claimOf(
  { conclusive, candidates, own }: Claimable,
  rejected: readonly string[],
  probabilityMin: number,
): Claim | null {
  const isOpen = ({ node }: Probable): boolean => !rejected.includes(node);
  const fused = conclusive ? candidates.find(isOpen) : undefined;
  if (fused !== undefined && fused.probability >= probabilityMin) return fused;
  const seen = own.find(isOpen);
  if (seen === undefined || seen.probability < Math.max(probabilityMin, OWN_CLAIM_PROBABILITY_MIN * 1_000)) return null;
  const { node, probability } = seen;
  return { node, probability, faultKind: candidates.find((known) => known.node === node)?.faultKind ?? 'unknown' };
}
