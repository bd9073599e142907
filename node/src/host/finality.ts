/** Finality proofs: made when blocks become final, checked when they come from a peer. */

import type { FinalBlock } from '../ports/index.ts';
import type { Verifier } from '../protocol/crypto/verifier.ts';
import { headerHash, voteSigningRoot } from '../protocol/hashing.ts';
import { quorumPower } from '../protocol/power.ts';
import type { Block, Certificate, FinalityProof, Hash, ValidatorSet } from '../protocol/types.ts';
import { isTail } from '../protocol/validator-set.ts';
import { setChangeAfter } from '../vm/index.ts';
import { BlockRefusal, type ExecutedBlock } from './block-tree.ts';

/** The blocks that one finalization makes final, oldest first: each is proven by the headers up to the certified one. */
export function finalBlocks(executed: readonly ExecutedBlock[], proof: FinalityProof): readonly FinalBlock[] {
  const headers = [...executed.map(({ block }) => block.header), ...proof.descendants];
  return executed.map(({ block, hash, result }, index) => ({
    block,
    hash,
    receipts: result.receipts,
    stateChanges: result.changes,
    finality: { descendants: headers.slice(index + 1), certificate: proof.certificate },
    ...changed(setChangeAfter(block.header, result.state)),
  }));
}

const changed = (setChange: FinalBlock['setChange']): Pick<FinalBlock, 'setChange'> => (setChange ? { setChange } : {});

/** Checks a quorum's signatures on one subject. */
export function verifyQuorum(
  certificate: Certificate,
  chainId: string,
  set: ValidatorSet,
  verifier: Verifier,
): boolean {
  const { signers, signatures, epoch } = certificate;
  if (epoch !== set.epoch || signers.length !== signatures.length) return false;
  if (signers.some((index, place) => place > 0 && index <= (signers[place - 1] as number))) return false;
  const signing = signers.map((index) => set.validators[index]);
  let power = 0;
  for (const validator of signing) power += validator?.power ?? 0;
  const total = set.validators.reduce((sum, validator) => sum + validator.power, 0);
  if (power < quorumPower(total)) return false;
  const message = voteSigningRoot(chainId, certificate);
  return signing.every((validator, place) => {
    return validator !== undefined && verifier.validator(validator.key, message, signatures[place] as string);
  });
}

/** The hash that a proof certifies for a header: follows the descendants. Undefined when a link is wrong. */
export function provenHash(hash: Hash, proof: FinalityProof): Hash | undefined {
  let at = hash;
  for (const header of proof.descendants) {
    if (header.parentHash !== at) return undefined;
    at = headerHash(header);
  }
  return at;
}

/**
 * Checks a range of blocks of a peer: linked to `parent`, within its epoch, and the last one final.
 * @throws BlockRefusal
 */
export function verifyRange(
  blocks: readonly Block[],
  proof: FinalityProof,
  parent: { readonly hash: Hash; readonly height: number; readonly lastHeight: number },
  check: (certificate: Certificate) => boolean,
): void {
  let at: { readonly hash: Hash; readonly height: number } = parent;
  for (const { header } of blocks) {
    if (header.parentHash !== at.hash || header.height !== at.height + 1) {
      throw new BlockRefusal(`block ${header.height} does not follow ${at.height}`);
    }
    // Whoever certifies what comes after is known only when this epoch is over.
    if (header.height > parent.lastHeight || isTail(header)) {
      throw new BlockRefusal(`block ${header.height} is beyond the end of the epoch`);
    }
    at = { hash: headerHash(header), height: header.height };
  }
  const { certificate } = proof;
  if (certificate.kind !== 'finalize' || certificate.block !== provenHash(at.hash, proof) || !check(certificate)) {
    throw new BlockRefusal(`block ${at.height} is not proven final`);
  }
}
