import { beforeAll, describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../testing/audit-kit.ts';
import { cachedVerifier } from '../../testing/cached-verifier.ts';
import { certify } from '../../testing/finalized-chain.ts';
import type { Genesis } from '../genesis.ts';
import { genesisHash, headerHash } from '../hashing.ts';
import type { AuditBundle } from './bundle.ts';
import { AUDIT_STEPS, type AuditStep, verifyBundle } from './verify.ts';

const verifier = cachedVerifier();
let chain: CaseChain;
let bundle: AuditBundle;
let genesisText: string;

beforeAll(async () => {
  chain = new CaseChain();
  chain.open();
  chain.vote(chain.claim(), divided);
  chain.solve();
  bundle = await chain.bundle();
  genesisText = chain.genesisText();
  expect(verifyBundle(bundleText(bundle), genesisText, verifier).ok).toBe(true);
});

const copy = (): AuditBundle => structuredClone(bundle);
const failedStepOf = (changed: unknown, genesis: string = genesisText): AuditStep | undefined =>
  verifyBundle(bundleText(changed), genesis, verifier).failedStep;

/** The bundle with a change, made on a copy. */
function changed(change: (bundle: AuditBundle) => void): AuditBundle {
  const other = copy();
  change(other);
  return other;
}

describe('a certificate', () => {
  const certificateOf = (other: AuditBundle, at = 2) => {
    const entry = other.headers[at];
    if (!entry) throw new Error(`no header ${at}`);
    return entry;
  };
  const signedBy = (signers: readonly number[]) =>
    changed((other) => {
      const entry = certificateOf(other);
      const { epoch, view, block } = entry.finality.certificate;
      const { signatures } = certify(bundle.chainId, { epoch, view, block }, signers);
      Object.assign(entry.finality.certificate, { signers: [...signers], signatures: [...signatures] });
    });
  const finality: Record<string, () => AuditBundle> = {
    'has a signer repeated': () => signedBy([0, 1, 2, 3, 3]),
    'has its signers in another order': () => signedBy([1, 0, 2, 3, 4]),
    'has too little power': () => signedBy([0, 1, 2, 3]),
    'has no signers': () => signedBy([]),
    'has more signers than a quorum needs': () => signedBy([0, 1, 2, 3, 4, 5]),
    'has a signer that does not exist': () =>
      changed((other) => {
        const { signers } = certificateOf(other).finality.certificate;
        signers[signers.length - 1] = 9;
      }),
    'has one signature for two signers': () =>
      changed((other) => {
        const { signatures } = certificateOf(other).finality.certificate;
        signatures[1] = signatures[0] ?? '';
      }),
    'has a signature too many': () =>
      changed((other) => void certificateOf(other).finality.certificate.signatures.push('00'.repeat(64))),
    'is of another view': () =>
      changed((other) => {
        certificateOf(other).finality.certificate.view += 1;
      }),
    'is of another block': () =>
      changed((other) => {
        certificateOf(other).finality = structuredClone(certificateOf(bundle, 3).finality);
      }),
    'is of a descendant that does not stand on the block': () =>
      changed((other) => {
        const { header, finality: of } = certificateOf(bundle, 4);
        certificateOf(other).finality = { certificate: structuredClone(of.certificate), descendants: [header] };
      }),
    'is of a header that the validators never saw': () =>
      changed((other) => {
        const entry = certificateOf(other);
        entry.header.stateRoot = '11'.repeat(32);
        entry.finality.certificate.block = headerHash(entry.header);
      }),
  };

  it.each(Object.entries(finality))('that %s makes nothing final', (_, make) => {
    expect(failedStepOf(make())).toBe('finality');
  });

  it('still counts with another quorum of signers', () => {
    expect(failedStepOf(signedBy([2, 3, 4, 5, 6]))).toBeUndefined();
  });

  it('of another kind is refused as it is read', () => {
    const other = changed((it) => void Object.assign(certificateOf(it).finality.certificate, { kind: 'notarize' }));
    expect(failedStepOf(other)).toBe('parse');
  });
});

describe('the genesis file', () => {
  const others: Record<string, (genesis: Genesis) => unknown> = {
    'another treasury': (genesis) => ({ ...genesis, treasury: genesis.treasury + 1 }),
    'another parameter': (genesis) => ({ ...genesis, params: { ...genesis.params, alpha: 501 } }),
    'another time': (genesis) => ({ ...genesis, timestampMs: genesis.timestampMs + 1 }),
    'other epochs': (genesis) => ({ ...genesis, epochBlocks: 500 }),
    'another name of an agent': ({ agents: [first, ...rest], ...genesis }) => ({
      ...genesis,
      agents: [{ ...first, name: 'Somebody' }, ...rest],
    }),
    'other validators': (genesis) => ({ ...genesis, validators: [...genesis.validators].reverse() }),
  };

  it.each(Object.entries(others))('with %s is of another chain', (_, change) => {
    const other = change(chain.genesis) as Genesis;
    expect(failedStepOf(bundle, JSON.stringify(other))).toBe('genesis');
    // The bundle claiming that genesis does not help: the chain itself says what it began with.
    const claiming = { ...copy(), genesisHash: genesisHash(other) };
    expect(['validators', 'origin']).toContain(failedStepOf(claiming, JSON.stringify(other)));
  });

  it.each(['', '{}', 'no JSON', '[]', 'null', '{"version":3}'])('that is %j is named as the failed step', (other) => {
    expect(failedStepOf(bundle, other)).toBe('genesis');
  });

  it('may be spelled in any way', () => {
    expect(failedStepOf(bundle, JSON.stringify(chain.genesis))).toBeUndefined();
    expect(failedStepOf(bundle, `${bundleText(chain.genesis)}\n`)).toBeUndefined();
  });
});

describe('the step that fails is named', () => {
  const table: readonly (readonly [AuditStep, string, (other: AuditBundle) => void])[] = [
    [
      'genesis',
      'another chain id',
      (other) => {
        other.chainId = 'another-chain';
      },
    ],
    [
      'headers',
      'another height of the state',
      (other) => {
        other.stateHeight += 1;
      },
    ],
    ['headers', 'a header that nothing refers to', (other) => void other.steps.splice(3, 1)],
    [
      'validators',
      'another power of a validator',
      (other) => {
        other.validatorSets[0]!.validators[0]!.power += 1;
      },
    ],
    [
      'validators',
      'no validators',
      (other) => {
        other.validatorSets = [];
      },
    ],
    [
      'finality',
      'another time in a header',
      (other) => {
        other.headers[1]!.header.timestampMs += 1;
      },
    ],
    [
      'signatures',
      'other arguments',
      (other) => {
        other.steps[1]!.transaction.args = '{}';
      },
    ],
    [
      'signatures',
      'another sender',
      (other) => {
        other.steps[1]!.transaction.sender = 'ab'.repeat(20);
      },
    ],
    [
      'signatures',
      'another nonce',
      (other) => {
        other.steps[1]!.transaction.nonce += 1;
      },
    ],
    [
      'inclusion',
      'another place in its block',
      (other) => {
        other.steps.at(-1)!.index += 1;
      },
    ],
    [
      'inclusion',
      'another sentence in a receipt',
      (other) => {
        other.steps[1]!.receipt.detail = 'all is well';
      },
    ],
    [
      'inclusion',
      'another amount in an event',
      (other) => {
        const event = other.systemReceipts.at(-1)!.receipt.events.find(({ name }) => name === 'Reward');
        Object.assign(event!.data, { amount: 900 });
      },
    ],
    [
      'evidence',
      'other bytes of a blob',
      (other) => {
        other.blobs[0]!.base64 = 'AAAA';
      },
    ],
    [
      'evidence',
      'a blob with a loose bit',
      (other) => {
        other.blobs[0]!.base64 += 'A';
      },
    ],
    [
      'state',
      'another record',
      (other) => {
        const proof = other.stateProofs.find(({ key }) => key.startsWith('incident/'))!;
        proof.value = proof.value!.replace('stock-db', 'other-db');
      },
    ],
    [
      'state',
      'a vote passed off as not cast',
      (other) => {
        other.stateProofs.find(({ key }) => key.startsWith('vote/'))!.value = null;
      },
    ],
    [
      'verdict',
      'another root cause',
      (other) => {
        other.verdict.rootCause = 'other-db';
      },
    ],
    [
      'verdict',
      'another word in the judgment',
      (other) => {
        other.verdict.judgment.en = other.verdict.judgment.en.replace('PASSED', 'FAILED');
      },
    ],
    [
      'verdict',
      'another word in the Chinese judgment',
      (other) => {
        other.verdict.judgment.zh = other.verdict.judgment.zh.replace('通过', '否决');
      },
    ],
    ['verdict', 'a payment left out', (other) => void other.verdict.movements.pop()],
  ];

  it.each(table)('%s: %s', (step, _, change) => {
    const report = verifyBundle(bundleText(changed(change)), genesisText, verifier);
    expect(report).toMatchObject({ ok: false, failedStep: step });
    expect(report.verdict).toBeUndefined();
    expect(report.steps.map((result) => result.step)).toEqual(AUDIT_STEPS.slice(0, report.steps.length));
    expect(report.steps.at(-1)).toMatchObject({ step, ok: false });
  });

  it('for the evidence of another incident too', async () => {
    const other = new CaseChain();
    other.open();
    const { steps } = await other.bundle();
    expect(
      failedStepOf(
        changed((it) => {
          it.steps = structuredClone(steps);
        }),
      ),
    ).toBeDefined();
  });
});
