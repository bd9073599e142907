import { beforeAll, describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../testing/audit-kit.ts';
import { cachedVerifier } from '../../testing/cached-verifier.ts';
import { stateKeys } from '../records.ts';
import type { ValidatorSet } from '../types.ts';
import { validatorSetOfGenesis } from '../validator-set.ts';
import { buildBundle } from './build.ts';
import type { AuditBundle, BundleValidatorSet } from './bundle.ts';
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

function setAt(height: number): BundleValidatorSet {
  const { siblings, ...proof } = chain.stateAt(height).prove(stateKeys.validators());
  const { epoch, validators } = nextSet(chain);
  return { epoch, validators: [...validators], proof: { height, state: { ...proof, siblings: [...siblings] } } };
}

beforeAll(async () => {
  chain = new CaseChain();
  chain.open();
  const claim = chain.claim();
  chain.startEpoch(nextSet(chain));
  chain.block();
  boundary = chain.height;
  chain.vote(claim, divided);
  chain.solve();
  const source = chain.source();
  bundle = await buildBundle({ ...source, validatorSet: async () => setAt(boundary) }, chain.incidentId);
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
    await expect(chain.bundle()).rejects.toMatchObject({ code: 'EPOCH_UNPROVEN' });
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
        Object.assign(set, setAt(own));
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
