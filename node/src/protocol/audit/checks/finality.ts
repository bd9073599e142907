/**
 * Validators, headers and certificates. Trust starts at the genesis file: it names the set of epoch 0. A change of it is
 * believed when the last block of the epoch before, made final by the set before, holds it in its state. Epochs in
 * between that changed nothing need no proof: every header names its validators, and no honest one of a set signs a
 * header that names that set for an epoch in which it is not the set.
 */
import { canonicalText } from '../../canonical.ts';
import type { Verifier } from '../../crypto/verifier.ts';
import type { Genesis } from '../../genesis.ts';
import { headerHash, validatorSetHash, voteSigningRoot } from '../../hashing.ts';
import { verifyStateProof } from '../../merkle/state.ts';
import { quorumPower } from '../../power.ts';
import { type StateRecords, stateKeys } from '../../records.ts';
import type { Hash, Header, ValidatorSet } from '../../types.ts';
import { isTail, validatorSetOfGenesis } from '../../validator-set.ts';
import type { AuditBundle, BundleHeader, BundleValidatorSet } from '../bundle.ts';
import { isMinimalQuorum, powerOf, setIn, totalPower } from '../certificates.ts';
import { check } from '../errors.ts';
import { genesisBlockHashOf } from '../genesis-block.ts';

export type Headers = ReadonlyMap<number, Header>;
/** By the epoch that each begins with. */
export type ValidatorSets = ReadonlyMap<number, ValidatorSet>;

/**
 * Exactly one header for each height that the bundle refers to, in order.
 * @throws CheckError
 */
export function checkHeaders(bundle: AuditBundle): Headers {
  const { headers, steps, systemReceipts, validatorSets, stateHeight } = bundle;
  const wanted = new Set([
    ...[1, stateHeight],
    ...[...steps, ...systemReceipts].map(({ height }) => height),
    ...validatorSets.flatMap(({ proof }) => (proof === null ? [] : [proof.height])),
  ]);
  let previous: Header | undefined;
  for (const { header } of headers) {
    check(previous === undefined || header.height > previous.height, `header ${header.height} is out of order`);
    check(
      previous === undefined || header.timestampMs > previous.timestampMs,
      `the time of header ${header.height} is not after that of an earlier block`,
    );
    check(wanted.has(header.height), `nothing refers to the header of height ${header.height}`);
    previous = header;
  }
  const given = new Map(headers.map(({ header }) => [header.height, header]));
  for (const height of wanted) check(given.has(height), `the header of height ${height} is missing`);
  return given;
}

/** Certificates that several headers share are verified once. */
class FinalityChecker {
  readonly #genesis: Genesis;
  readonly #verifier: Verifier;
  readonly #sets: ValidatorSets;
  readonly #certified = new Set<string>();
  /** A set's hash names its epoch, and a set proven later never serves an epoch before it. */
  readonly #hashes = new Map<number, Hash>();

  constructor(genesis: Genesis, verifier: Verifier, sets: ValidatorSets) {
    this.#genesis = genesis;
    this.#verifier = verifier;
    this.#sets = sets;
  }

  /** @throws CheckError unless a certificate of known validators makes the header final */
  check({ header, finality }: BundleHeader): void {
    const { descendants, certificate } = finality;
    const set = this.#setOf(header.epoch);
    check(header.validatorSetHash === this.#hashOf(set), `block ${header.height} names other validators`);
    let last: Header = header;
    for (const next of descendants) {
      check(next.parentHash === headerHash(last), `block ${next.height} does not stand on block ${last.height}`);
      check(next.height === last.height + 1, `block ${next.height} does not follow block ${last.height}`);
      check(next.epoch === header.epoch, `block ${next.height} is of another epoch than block ${header.height}`);
      // Above the last block of an epoch stand tails, which name no validators, and nothing else.
      const named = next.validatorSetHash === last.validatorSetHash || isTail(next);
      check(named, `block ${next.height} names other validators`);
      last = next;
    }
    check(certificate.block === headerHash(last), `the certificate is of another block than ${last.height}`);
    check(certificate.epoch === last.epoch, `the certificate of block ${last.height} is of another epoch`);
    check(certificate.view === last.view, `the certificate of block ${last.height} is of another view`);
    this.#checkCertificate(certificate, set, last.height);
  }

  #hashOf(set: ValidatorSet): Hash {
    const known = this.#hashes.get(set.epoch) ?? validatorSetHash(set);
    this.#hashes.set(set.epoch, known);
    return known;
  }

  #setOf(epoch: number): ValidatorSet {
    const set = setIn(this.#sets.values(), epoch);
    check(set !== undefined, `the validators of epoch ${epoch} are not proven`);
    return set;
  }

  #checkCertificate(certificate: BundleHeader['finality']['certificate'], set: ValidatorSet, height: number): void {
    const text = canonicalText(certificate);
    if (this.#certified.has(text)) return;
    const { signers, signatures } = certificate;
    const where = `the certificate of block ${height}`;
    check(signers.length === signatures.length, `${where} has not one signature a signer`);
    signers.forEach((signer, index) => {
      check(signer < set.validators.length, `${where} names a validator ${signer} that does not exist`);
      check(index === 0 || signer > (signers[index - 1] ?? 0), `${where} names its signers out of order, or one twice`);
    });
    const quorum = quorumPower(totalPower(set));
    check(powerOf(set, signers) >= quorum, `${where} has the power ${powerOf(set, signers)}, a quorum is ${quorum}`);
    check(isMinimalQuorum(certificate, set), `${where} has more signatures than a quorum needs`);
    const message = voteSigningRoot(this.#genesis.chainId, certificate);
    signers.forEach((signer, index) => {
      const key = set.validators[signer]?.key ?? '';
      const signed = this.#verifier.validator(key, message, signatures[index] ?? '');
      check(signed, `${where}: the signature of validator ${signer} is wrong`);
    });
    this.#certified.add(text);
  }
}

/** The set that the bundle states for an epoch after the first, if the chain proves it. @throws CheckError */
function provenSet(bundle: AuditBundle, stated: BundleValidatorSet, finality: FinalityChecker): ValidatorSet {
  const { epoch, validators, proof } = stated;
  check(proof !== null, `the validators of epoch ${epoch} come without proof`);
  const entry = bundle.headers.find(({ header }) => header.height === proof.height);
  check(entry !== undefined, `the header of height ${proof.height} is missing`);
  // Checked with the sets known so far: a header of this epoch or a later one cannot vouch for it.
  finality.check(entry);
  const { state } = proof;
  check(state.key === stateKeys.validators() && state.value !== null, `epoch ${epoch} is proven by another record`);
  check(verifyStateProof(state, entry.header.stateRoot), `the validators of epoch ${epoch} are not in the state`);
  const record = JSON.parse(state.value) as StateRecords['validators'];
  const set = { epoch, validators };
  const { epoch: begun, since } = record;
  const same = canonicalText({ epoch: begun, validators: record.validators }) === canonicalText(set);
  check(same && since === epoch, `the state holds other validators than epoch ${epoch} states`);
  check(entry.header.epoch === epoch - 1, `block ${entry.header.height} is not of the epoch before ${epoch}`);
  return set;
}

/**
 * The validator sets, each proven, and every header final.
 * @throws CheckError
 */
export function checkValidators(bundle: AuditBundle, genesis: Genesis, verifier: Verifier): ValidatorSets {
  const sets = new Map<number, ValidatorSet>();
  const finality = new FinalityChecker(genesis, verifier, sets);
  let previous = -1;
  for (const stated of bundle.validatorSets) {
    const { epoch, validators, proof } = stated;
    check(epoch > previous, `the validators of epoch ${epoch} are out of order`);
    previous = epoch;
    if (epoch > 0) {
      sets.set(epoch, provenSet(bundle, stated, finality));
      continue;
    }
    const set = validatorSetOfGenesis(genesis);
    const same = canonicalText({ epoch, validators }) === canonicalText(set) && proof === null;
    check(same, 'the genesis file names other validators for epoch 0');
    sets.set(epoch, set);
  }
  check(sets.has(0), 'the validators of epoch 0 are missing');
  const newest = Math.max(...bundle.headers.map(({ header }) => header.epoch));
  check(previous <= newest, `nothing refers to the validators of epoch ${previous}`);
  return sets;
}

/** Every header is final, and names the validators of its epoch. @throws CheckError */
export function checkFinality(bundle: AuditBundle, genesis: Genesis, verifier: Verifier, sets: ValidatorSets): void {
  const finality = new FinalityChecker(genesis, verifier, sets);
  for (const entry of bundle.headers) finality.check(entry);
}

/** Block 1 stands on the block that the genesis file gives: so its every byte is what the chain began with. */
export function checkOrigin(headers: Headers, genesis: Genesis): void {
  const origin = genesisBlockHashOf(genesis);
  check(headers.get(1)?.parentHash === origin, `block 1 does not stand on the genesis block ${origin}`);
}
