import { beforeAll, describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../testing/audit-kit.ts';
import { cachedVerifier } from '../../testing/cached-verifier.ts';
import { testAgent } from '../../testing/chain-kit.ts';
import { certify } from '../../testing/finalized-chain.ts';
import { headerHash } from '../hashing.ts';
import { stateKeys } from '../records.ts';
import { type ValidatorSet, ZERO_HASH } from '../types.ts';
import { validatorSetOfGenesis } from '../validator-set.ts';
import { buildBundle } from './build.ts';
import type { AuditBundle, BundleValidatorSet } from './bundle.ts';
import type { AuditSetChange } from './source.ts';
import { verifyBundle } from './verify.ts';

const verifier = cachedVerifier();
/** The same validators, of whom the first has more to say. */
const nextSet = (chain: CaseChain): ValidatorSet => ({
  epoch: 1,
  validators: validatorSetOfGenesis(chain.genesis).validators.map((validator, index) => ({
    ...validator,
    power: index === 0 ? 12_000 : validator.power,
  })),
});

let chain: CaseChain;
let bundle: AuditBundle;
let boundary: number;

const changeAt = (height: number): AuditSetChange => ({
  ...{ epoch: 1, height },
  proof: chain.stateAt(height).prove(stateKeys.validators()),
});

beforeAll(async () => {
  chain = new CaseChain();
  chain.open();
  const claim = chain.claim();
  chain.startEpoch(nextSet(chain));
  chain.block();
  boundary = chain.height;
  chain.vote(claim, divided);
  chain.solve();
  const setChanges = async () => [changeAt(boundary)];
  bundle = await buildBundle({ ...chain.source(), setChanges }, chain.incidentId);
});

const verify = (other: AuditBundle) => verifyBundle(bundleText(other), chain.genesisText(), verifier);

function changed(change: (set: BundleValidatorSet, other: AuditBundle) => void): AuditBundle {
  const other = structuredClone(bundle);
  const set = other.validatorSets[1];
  if (!set) throw new Error('no second set');
  change(set, other);
  return other;
}

describe('an incident that lasts through two epochs', () => {
  it('is verified with the validators that the first epoch made final', () => {
    expect(bundle.validatorSets.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(verify(bundle)).toMatchObject({ ok: true });
  });

  it('cannot be bundled by a node that cannot prove the second set', async () => {
    const source = { ...chain.source(), setChanges: async () => [] };
    await expect(buildBundle(source, chain.incidentId)).rejects.toMatchObject({ code: 'EPOCH_UNPROVEN' });
  });

  it.each<readonly [string, (set: BundleValidatorSet, other: AuditBundle) => void]>([
    [
      'another power',
      (set) => {
        set.validators[0]!.power += 1;
      },
    ],
    [
      'no proof',
      (set, other) => {
        set.proof = null;
        other.headers = other.headers.filter(({ header }) => header.height !== boundary);
      },
    ],
    [
      'the proof of another record',
      (set) => {
        set.proof!.state.key = 'treasury';
      },
    ],
    [
      'a block of its own epoch as proof',
      (set, other) => {
        const own = other.headers.find(({ header }) => header.epoch === 1)!.header.height;
        const { siblings, ...proof } = changeAt(own).proof;
        set.proof = { height: own, state: { ...proof, siblings: [...siblings] } };
        other.headers = other.headers.filter(({ header }) => header.height !== boundary);
      },
    ],
    [
      'another epoch',
      (set) => {
        set.epoch = 2;
      },
    ],
    ['the set of the first epoch missing', (_, other) => void other.validatorSets.shift()],
  ])('is refused with %s', (_, change) => {
    expect(verify(changed(change))).toMatchObject({ ok: false, failedStep: 'validators' });
  });
});

/** Bonds move in the first three epochs, then nothing for many; the incident comes after all that. */
describe('an incident in a late epoch', () => {
  const EPOCH_BLOCKS = 3;
  const validator = testAgent('fault_mapper').validatorKey;
  let late: CaseChain;
  let found: AuditBundle;

  const nextEpoch = () => {
    const { epoch } = late.context();
    while (late.context().epoch === epoch) late.block();
  };

  beforeAll(async () => {
    late = new CaseChain({}, { blocksPerCertificate: 2 }, { epochBlocks: EPOCH_BLOCKS });
    late.call('fault_mapper', 'bond', { validator, amount: 2_000 });
    nextEpoch();
    late.call('fault_mapper', 'unbond', { validator, amount: 12_000 });
    nextEpoch();
    for (let quiet = 0; quiet < 9; quiet += 1) nextEpoch();
    late.open();
    late.vote(late.claim(), divided);
    late.solve();
    nextEpoch();
    found = await late.bundle();
  });

  it('is verified from the genesis file alone, with one proof for each change of the validators', () => {
    const own = found.headers.filter(({ header }) => header.epoch > 2).map(({ header }) => header.epoch);
    expect(Math.min(...own)).toBeGreaterThan(9);
    expect(found.validatorSets.map(({ epoch, proof }) => [epoch, proof?.height])).toEqual([
      [0, undefined],
      [1, EPOCH_BLOCKS],
      [2, 2 * EPOCH_BLOCKS],
    ]);
    expect(verifyBundle(bundleText(found), late.genesisText(), verifier)).toMatchObject({ ok: true });
  });

  it.each<readonly [string, (other: AuditBundle) => void]>([
    [
      'a change left out',
      (other) => {
        other.validatorSets.splice(1, 1);
        other.headers = other.headers.filter(({ header }) => header.height !== EPOCH_BLOCKS);
      },
    ],
    [
      'the last change left out',
      (other) => {
        other.validatorSets.pop();
        other.headers = other.headers.filter(({ header }) => header.height !== 2 * EPOCH_BLOCKS);
      },
    ],
    [
      'a set that claims to begin later than it did',
      (other) => {
        other.validatorSets[2]!.epoch = 3;
      },
    ],
  ])('is refused with %s', (_, change) => {
    const other = structuredClone(found);
    change(other);
    expect(verifyBundle(bundleText(other), late.genesisText(), verifier).ok).toBe(false);
  });

  it('is refused where a tail passes for a block', () => {
    const other = structuredClone(found);
    const last = other.headers.at(-1)!;
    last.header.validatorSetHash = ZERO_HASH;
    const { epoch, view } = last.header;
    const set = late.state.get('validators')!.validators;
    const signed = certify(late.genesis.chainId, { epoch, view, block: headerHash(last.header) }, [0, 1, 2, 3, 4], set);
    const certificate = {
      ...signed,
      kind: 'finalize' as const,
      signers: [...signed.signers],
      signatures: [...signed.signatures],
    };
    last.finality = { descendants: [], certificate };
    expect(verifyBundle(bundleText(other), late.genesisText(), verifier)).toMatchObject({ failedStep: 'finality' });
  });

  it('takes a block that a tail made final', () => {
    const other = structuredClone(found);
    const last = other.headers.at(-1)!;
    const tail = {
      ...last.header,
      height: last.header.height + 1,
      view: last.header.view + 1,
      parentHash: headerHash(last.header),
    };
    Object.assign(tail, { validatorSetHash: ZERO_HASH, timestampMs: last.header.timestampMs + 1 });
    const { epoch, view } = tail;
    const set = late.state.get('validators')!.validators;
    const signers = last.finality.certificate.signers;
    const signed = certify(late.genesis.chainId, { epoch, view, block: headerHash(tail) }, signers, set);
    const certificate = {
      ...signed,
      kind: 'finalize' as const,
      signers: [...signed.signers],
      signatures: [...signed.signatures],
    };
    last.finality = { descendants: [tail], certificate };
    expect(verifyBundle(bundleText(other), late.genesisText(), verifier)).toMatchObject({ ok: true });
  });
});
