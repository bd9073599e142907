/**
 * No byte of a bundle may be another: in a small bundle, and all over the full one of an incident with a challenge.
 *
 * The gate flips one byte of each stretch of `STRIDE`, always the same ones. Every single byte, and ten times as many of
 * the full bundle, is a minute of processor time:
 *   BYTE_FLIPS=all npx vitest run --project unit byte-flips
 */
import { describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../testing/audit-kit.ts';
import { cachedVerifier } from '../../testing/cached-verifier.ts';
import { challengeVote } from '../../testing/dispute-kit.ts';
import { openIncident } from '../../testing/incident-kit.ts';
import { seededRandom } from '../../testing/random.ts';
import type { AuditBundle } from './bundle.ts';
import { verifyBundle } from './verify.ts';

const ALL = process.env.BYTE_FLIPS === 'all';
const STRIDE = ALL ? 1 : 29;
/** Places in the bundle of a whole dispute: one in each of as many stretches of equal length. */
const SAMPLES = ALL ? 400 : 40;
const TIMEOUT_MS = (ALL ? 30 : 2) * 60_000;

/** Flips one bit in one place of each stretch, and lists where that passed, or failed without saying at which step. */
function unnoticed(bundle: AuditBundle, genesis: string, flips: (length: number) => number): readonly string[] {
  const bytes = new TextEncoder().encode(bundleText(bundle));
  const verifier = cachedVerifier();
  expect(verifyBundle(bytes, genesis, verifier).ok).toBe(true);
  const random = seededRandom(20_261_122);
  const stretch = bytes.length / flips(bytes.length);
  const found: string[] = [];
  for (let begin = 0; Math.floor(begin) < bytes.length; begin += stretch) {
    const at = Math.min(bytes.length - 1, Math.floor(begin + random.next() * (stretch - 1)));
    const flipped = bytes.slice();
    flipped[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    const { ok, failedStep, steps, verdict } = verifyBundle(flipped, genesis, verifier);
    const named = failedStep !== undefined && steps.at(-1)?.step === failedStep && verdict === undefined;
    if (ok || !named) found.push(`${at}: ${new TextDecoder().decode(flipped.slice(Math.max(0, at - 30), at + 1))}`);
  }
  return found;
}

describe('a flipped bit fails, and the step is named,', () => {
  it(
    ALL ? 'in every single byte of a small bundle' : `in one of ${STRIDE} bytes of a small bundle`,
    async () => {
      const chain = new CaseChain();
      chain.incidentId = openIncident(chain);
      expect(unnoticed(await chain.bundle(), chain.genesisText(), (length) => length / STRIDE)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'all over the bundle of an incident with a challenge',
    async () => {
      const chain = new CaseChain();
      chain.open();
      chain.vote(chain.claim(), divided);
      chain.deliver();
      chain.vote(chain.dispute(), { ...challengeVote('For'), dependency_explorer: 'Against' });
      const { fault_mapper: _, ...voters } = { ...divided, probability_oracle: 'For' } as const;
      chain.vote(chain.claim('web-cache', 'fault_mapper'), voters);
      chain.solve();
      const bundle = await chain.bundle();
      const { verdict } = bundle;
      expect(verdict).toMatchObject({ state: 'Finalized', rootCause: 'web-cache' });
      expect(verdict.claims.map(({ status }) => status)).toEqual(['overturned', 'passed']);
      expect(unnoticed(bundle, chain.genesisText(), () => SAMPLES)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
