/** Genuine parts of the same chain in the wrong place: another incident's proofs, another time's, a challenge left out. */
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../testing/audit-kit.ts';
import { cachedVerifier } from '../../testing/cached-verifier.ts';
import { challengeVote } from '../../testing/dispute-kit.ts';
import { openIncident } from '../../testing/incident-kit.ts';
import { ZERO_HASH } from '../types.ts';
import type { AuditBundle } from './bundle.ts';
import { verifyBundle } from './verify.ts';

const verifier = cachedVerifier();
let genesis: string;
/** Two incidents of one chain; `earlier` is the first before its challenge was decided. */
let first: AuditBundle;
let earlier: AuditBundle;
let second: AuditBundle;

beforeAll(async () => {
  const chain = new CaseChain();
  chain.open();
  chain.vote(chain.claim(), divided);
  chain.deliver();
  const challenge = chain.dispute();
  earlier = await chain.bundle();
  chain.vote(challenge, { ...challengeVote('For'), dependency_explorer: 'Against' });
  const one = chain.incidentId;
  chain.incidentId = openIncident(chain, 'mail');
  second = await chain.bundle();
  chain.incidentId = one;
  first = await chain.bundle();
  genesis = chain.genesisText();
  for (const bundle of [first, earlier, second]) {
    expect(verifyBundle(bundleText(bundle), genesis, verifier).ok).toBe(true);
  }
}, 120_000);

function failedStep(change: (bundle: AuditBundle) => void): string | undefined {
  const bundle = structuredClone(first);
  change(bundle);
  return verifyBundle(bundleText(bundle), genesis, verifier).failedStep;
}

const at = <T>(items: readonly T[], index: number): T => {
  const item = items.at(index);
  if (item === undefined) throw new Error(`no item ${index}`);
  return structuredClone(item);
};

describe('what is genuine elsewhere fails here:', () => {
  it.each<readonly [string, string, (bundle: AuditBundle) => void]>([
    [
      'inclusion',
      'the proof of another transaction',
      ({ steps }) => {
        // Of a block with several transactions: those of single ones look all alike.
        const other = at(
          steps.filter(({ transactionProof }) => transactionProof.siblings[0] !== ZERO_HASH),
          -1,
        );
        Object.assign(steps[2]!, { transactionProof: { ...other.transactionProof, index: steps[2]!.index } });
      },
    ],
    [
      'inclusion',
      'the receipt of another incident’s step',
      ({ steps }) => {
        Object.assign(steps[2]!, { receipt: at(second.steps, -1).receipt });
      },
    ],
    [
      'inclusion',
      'a receipt of the chain itself from another block',
      ({ systemReceipts }) => {
        const { receipt, receiptProof } = at(systemReceipts, -1);
        Object.assign(systemReceipts[0]!, { receipt, receiptProof });
      },
    ],
    [
      'finality',
      'the certificate of another block',
      ({ headers }) => {
        headers[1]!.finality = at(headers, -1).finality;
      },
    ],
    [
      'state',
      'the same records at an earlier time',
      (bundle) => {
        bundle.stateProofs = structuredClone(earlier.stateProofs);
      },
    ],
    [
      'state',
      'the records of another incident',
      (bundle) => {
        bundle.stateProofs = structuredClone(second.stateProofs);
      },
    ],
    [
      'state',
      'another record under the key of the incident',
      ({ stateProofs }) => {
        const other = second.stateProofs.find(({ key }) => key === `incident/${second.incidentId}`)!;
        Object.assign(stateProofs.find(({ key }) => key === `incident/${first.incidentId}`)!, {
          value: other.value,
          siblings: other.siblings,
        });
      },
    ],
    [
      'state',
      'a record of another incident besides',
      ({ stateProofs }) => {
        const other = second.stateProofs.find(({ key }) => key === `incident/${second.incidentId}`)!;
        stateProofs.push(structuredClone(other));
        stateProofs.sort((a, b) => (a.key < b.key ? -1 : 1));
      },
    ],
    [
      'inclusion',
      'the name of another incident',
      (bundle) => {
        bundle.incidentId = second.incidentId;
      },
    ],
    [
      'verdict',
      'the verdict of before the challenge was decided',
      (bundle) => {
        bundle.verdict = structuredClone(earlier.verdict);
      },
    ],
  ])('%s: %s', (step, _, change) => {
    expect(failedStep(change)).toBe(step);
  });

  it('the steps of another incident, with all that belongs to them', () => {
    expect(
      failedStep((bundle) => {
        const { steps, systemReceipts, headers, blobs } = structuredClone(second);
        Object.assign(bundle, { steps, systemReceipts, headers, blobs });
      }),
    ).toBeDefined();
  });

  it('the challenge left out, with all that refers to it', () => {
    const isOfChallenge = ({ transaction }: AuditBundle['steps'][number]): boolean => {
      const args = JSON.parse(transaction.args) as { readonly proposalId?: string };
      return transaction.type === 'challenge' || args.proposalId === first.verdict.challenges[0]?.challengeId;
    };
    const step = failedStep((bundle) => {
      bundle.steps = bundle.steps.filter((one) => !isOfChallenge(one));
      const heights = new Set([...bundle.steps, ...bundle.systemReceipts].map(({ height }) => height));
      bundle.headers = bundle.headers.filter(
        ({ header: { height } }) => heights.has(height) || height === 1 || height === bundle.stateHeight,
      );
      const used = new Set(bundle.steps.flatMap(({ transaction }) => transaction.evidence));
      bundle.blobs = bundle.blobs.filter(({ hash }) => used.has(hash));
    });
    expect(['votes', 'challenge']).toContain(step);
  });
});
