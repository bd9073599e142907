/** No byte of a bundle may be another: every one of a small bundle, a sample of a full one with a challenge. */
import { describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../testing/audit-kit.ts';
import { cachedVerifier } from '../../testing/cached-verifier.ts';
import { challengeVote } from '../../testing/dispute-kit.ts';
import { openIncident } from '../../testing/incident-kit.ts';
import { seededRandom } from '../../testing/random.ts';
import { verifyBundle } from './verify.ts';

const MINUTE_MS = 60_000;
/** Places in the bundle of a whole dispute: one in each of as many stretches of equal length. */
const SAMPLES = 60;

const flipped = (text: string, at: number, bit: number): string =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);

/** What is wrong with a report of a bundle that must not hold; undefined when it fails and says where. */
function complaint(text: string, genesis: string, verifier: ReturnType<typeof cachedVerifier>): string | undefined {
  const { ok, failedStep, verdict, steps } = verifyBundle(text, genesis, verifier);
  if (ok) return 'it passes';
  if (failedStep === undefined || steps.at(-1)?.step !== failedStep) return 'it names no step';
  return verdict === undefined ? undefined : 'it has a verdict';
}

describe('a flipped bit fails, and the step is named,', () => {
  it(
    'in every single byte of a small bundle',
    async () => {
      const chain = new CaseChain();
      chain.incidentId = openIncident(chain);
      const text = bundleText(await chain.bundle());
      const genesis = chain.genesisText();
      const verifier = cachedVerifier();
      expect(verifyBundle(text, genesis, verifier).ok).toBe(true);
      // Bytes and characters are the same in it, so no byte is left out.
      expect(new TextEncoder().encode(text).length).toBe(text.length);
      const random = seededRandom(20_261_122);
      const passed: string[] = [];
      for (let at = 0; at < text.length; at += 1) {
        const wrong = complaint(flipped(text, at, random.below(7)), genesis, verifier);
        if (wrong) passed.push(`${at}: ${wrong}, ${text.slice(Math.max(0, at - 30), at + 1)}`);
      }
      expect(passed).toEqual([]);
    },
    30 * MINUTE_MS,
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
      expect(bundle.verdict).toMatchObject({ state: 'Finalized', rootCause: 'web-cache' });
      expect(bundle.verdict.claims.map(({ status }) => status)).toEqual(['overturned', 'passed']);
      const text = bundleText(bundle);
      const genesis = chain.genesisText();
      const verifier = cachedVerifier();
      expect(verifyBundle(text, genesis, verifier).ok).toBe(true);
      const random = seededRandom(7);
      const passed: string[] = [];
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        const at = Math.floor(((sample + random.next()) * text.length) / SAMPLES);
        const wrong = complaint(flipped(text, at, random.below(7)), genesis, verifier);
        if (wrong) passed.push(`${at}: ${wrong}, ${text.slice(Math.max(0, at - 30), at + 1)}`);
      }
      expect(passed).toEqual([]);
    },
    10 * MINUTE_MS,
  );
});
