/**
 * Builds the audit bundle of one incident out of a node's final chain, for finished and unfinished incidents alike.
 * Reads only; what it reads is immutable, except that the state is the one of the height that the source names.
 */
import { canonicalBytes } from '../canonical.ts';
import { validatorSetHash as setHash } from '../hashing.ts';
import type { StateProof } from '../merkle/state.ts';
import type { StateRecords } from '../records.ts';
import type { Hash } from '../types.ts';
import { validatorSetOfGenesis } from '../validator-set.ts';
import { toBase64 } from './base64.ts';
import {
  type AuditBundle,
  BUNDLE_VERSION,
  type BundleContent,
  type BundleHeader,
  type BundleValidatorSet,
} from './bundle.ts';
import { type CaseRecords, readCaseRecords } from './case-records.ts';
import { setIn, trimmed } from './certificates.ts';
import { collectCase } from './collect.ts';
import { BUNDLE_BYTES_MAX } from './constants.ts';
import { readContent } from './content.ts';
import { AuditError, CheckError } from './errors.ts';
import { type AuditBlock, type AuditSource, blockOf } from './source.ts';
import { verdictOf } from './verdict.ts';

const inOrder = <T>(items: Iterable<T>, keyOf: (item: T) => string): T[] =>
  [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

/** Reads the records of the case and keeps the proof of each. @throws AuditError INCIDENT_UNKNOWN */
function proveRecords(
  incidentId: string,
  reader: AuditSource['state']['reader'],
): { readonly records: CaseRecords; readonly proofs: ReadonlyMap<string, StateProof> } {
  const proofs = new Map<string, StateProof>();
  const read = (key: string): string | null => {
    const proof = proofs.get(key) ?? reader.prove(key);
    proofs.set(key, proof);
    return proof.value;
  };
  try {
    return { records: readCaseRecords(incidentId, read), proofs };
  } catch (error) {
    if (error instanceof CheckError) throw new AuditError('INCIDENT_UNKNOWN', `${incidentId}: ${error.message}`);
    throw error;
  }
}

async function blobsOf(source: AuditSource, hashes: ReadonlySet<Hash>): Promise<AuditBundle['blobs']> {
  const blobs: AuditBundle['blobs'] = [];
  for (const hash of [...hashes].sort()) {
    const bytes = await source.evidence(hash);
    if (bytes === undefined) throw new AuditError('EVIDENCE_MISSING', `this node does not hold the evidence ${hash}`);
    blobs.push({ hash, base64: toBase64(bytes) });
  }
  return blobs;
}

/** The validators of the genesis file and every change of them, oldest first. */
async function setsOf(source: AuditSource): Promise<readonly BundleValidatorSet[]> {
  const changes = (await source.setChanges?.()) ?? [];
  const { validators } = validatorSetOfGenesis(source.genesis);
  return [
    { epoch: 0, validators: [...validators], proof: null },
    ...changes.map(({ epoch, height, proof: { siblings, ...proof } }): BundleValidatorSet => {
      const record = JSON.parse(proof.value ?? '{}') as StateRecords['validators'];
      const state = { ...proof, siblings: [...siblings] };
      return { epoch, validators: [...record.validators], proof: { height, state } };
    }),
  ];
}

function headersOf(blocks: ReadonlyMap<number, AuditBlock>, sets: readonly BundleValidatorSet[]): BundleHeader[] {
  const headers: BundleHeader[] = [];
  for (const { block, finality } of [...blocks.values()].sort(
    (a, b) => a.block.header.height - b.block.header.height,
  )) {
    const { descendants, certificate } = finality;
    const { height, epoch, validatorSetHash } = block.header;
    const set = setIn(sets, epoch);
    if (!set || setHash(set) !== validatorSetHash) {
      throw new AuditError('EPOCH_UNPROVEN', `this node cannot prove the validators of block ${height}`);
    }
    const { signers, signatures, ...subject } = trimmed(certificate, set);
    headers.push({
      header: block.header,
      finality: {
        descendants: [...descendants],
        certificate: { ...subject, kind: 'finalize', signers: [...signers], signatures: [...signatures] },
      },
    });
  }
  return headers;
}

/**
 * Builds the bundle of an incident.
 * @throws AuditError INCIDENT_UNKNOWN, BLOCK_MISSING, EVIDENCE_MISSING, EPOCH_UNPROVEN, TOO_LARGE
 */
export async function buildBundle(source: AuditSource, incidentId: string): Promise<AuditBundle> {
  const { records, proofs } = proveRecords(incidentId, source.state.reader);
  const { steps, systemReceipts, blocks } = await collectCase(source, records);
  const validatorSets = await neededSets(source, blocks);
  const content: BundleContent = {
    version: BUNDLE_VERSION,
    chainId: source.genesis.chainId,
    incidentId,
    genesisHash: source.genesisHash,
    stateHeight: source.state.height,
    steps,
    systemReceipts,
    headers: headersOf(blocks, validatorSets),
    validatorSets: [...validatorSets],
    stateProofs: inOrder(proofs.values(), ({ key }) => key).map(({ siblings, ...proof }) => ({
      ...proof,
      siblings: [...siblings],
    })),
    blobs: await blobsOf(source, new Set(steps.flatMap(({ transaction }) => transaction.evidence))),
  };
  const verdict = verdictOf(readContent(content, (key) => proofs.get(key)?.value ?? null));
  return { ...content, verdict };
}

/** All changes up to the newest epoch that is referred to: each is proven by the one before. Adds their headers. */
async function neededSets(
  source: AuditSource,
  blocks: Map<number, AuditBlock>,
): Promise<readonly BundleValidatorSet[]> {
  const newest = Math.max(...[...blocks.values()].map(({ block }) => block.header.epoch));
  const sets = (await setsOf(source)).filter(({ epoch }) => epoch <= newest);
  for (const { proof } of sets) {
    if (proof && !blocks.has(proof.height)) blocks.set(proof.height, await blockOf(source, proof.height));
  }
  return sets;
}

/** The bytes of the bundle file. @throws AuditError TOO_LARGE */
export function encodeBundle(bundle: AuditBundle): Uint8Array {
  const bytes = canonicalBytes(bundle);
  if (bytes.length > BUNDLE_BYTES_MAX) {
    throw new AuditError('TOO_LARGE', `the bundle has ${bytes.length} bytes, ${BUNDLE_BYTES_MAX} are allowed`);
  }
  return bytes;
}
