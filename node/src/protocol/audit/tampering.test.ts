import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../testing/audit-kit.ts';
import { cachedVerifier } from '../../testing/cached-verifier.ts';
import { testAgents } from '../../testing/chain-kit.ts';
import { seededRandom } from '../../testing/random.ts';
import type { AuditBundle } from './bundle.ts';
import { type AuditStep, verifyBundle } from './verify.ts';

const verifier = cachedVerifier();
let chain: CaseChain;
let bundle: AuditBundle;
let text: string;
let genesisText: string;

beforeAll(async () => {
  chain = new CaseChain();
  chain.open();
  chain.vote(chain.claim(), divided);
  chain.solve();
  bundle = await chain.bundle();
  text = bundleText(bundle);
  genesisText = chain.genesisText();
  expect(verifyBundle(text, genesisText, verifier).ok).toBe(true);
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

type List = 'steps' | 'systemReceipts' | 'headers' | 'validatorSets' | 'stateProofs' | 'blobs';
const LISTS: readonly List[] = ['steps', 'systemReceipts', 'headers', 'validatorSets', 'stateProofs', 'blobs'];

/** All places of a list where something can be done to it. */
const placesOf = (list: List): readonly number[] => bundle[list].map((_, index) => index);

/** Without a header, the whole of what happened in that block gone too: nothing is left that refers to it. */
const withoutBlock = (height: number): AuditBundle =>
  changed((other) => {
    other.steps = other.steps.filter((step) => step.height !== height);
    other.systemReceipts = other.systemReceipts.filter((receipt) => receipt.height !== height);
    other.headers = other.headers.filter(({ header }) => header.height !== height);
    const used = new Set(other.steps.flatMap(({ transaction }) => transaction.evidence));
    other.blobs = other.blobs.filter(({ hash }) => used.has(hash));
  });

/** The rest of the file: `byte-flips.test.ts`. */
describe('any change of the text fails', () => {
  it('in every kind of field, a digit or letter becoming another', () => {
    const passed: string[] = [];
    // The first occurrence of every key of the file, with the first character of its value.
    const places = new Map<string, number>();
    for (const match of text.matchAll(/"([A-Za-z]+)":"?([0-9a-zA-Z])/g)) {
      const [whole, name = ''] = match;
      if (!places.has(name)) places.set(name, match.index + whole.length - 1);
    }
    expect(places.size).toBeGreaterThan(80);
    for (const [name, at] of places) {
      const other = text[at] === '1' ? '2' : '1';
      const { ok } = verifyBundle(text.slice(0, at) + other + text.slice(at + 1), genesisText, verifier);
      if (ok) passed.push(name);
    }
    expect(passed).toEqual([]);
  });

  it.each([
    ['a line feed at the end', () => `${text}\n`],
    ['a space after a comma', () => text.replace(',', ', ')],
    ['a key that stands there twice', () => text.replace('{"blobs"', '{"version":3,"blobs"')],
    ['another spelling of a number', () => text.replace('"version":3', '"version":3.0')],
    ['an unknown key', () => bundleText({ ...bundle, zusatz: 1 })],
    ['an unknown key inside an event', () => text.replace('"data":{', '"data":{"__proto__":1,')],
    ['another version', () => bundleText({ ...bundle, version: 1 })],
  ])('by %s', (_, spell) => {
    const { ok, failedStep, steps } = verifyBundle(spell(), genesisText, verifier);
    expect({ ok, failedStep, steps: steps.length }).toMatchObject({ ok: false });
  });
});

describe('elements of a list', () => {
  it.each(LISTS)('of %s cannot be dropped, repeated or swapped', (list) => {
    expect(placesOf(list).length).toBeGreaterThan(0);
    for (const at of placesOf(list)) {
      const dropped = changed((other) => void (other[list] as unknown[]).splice(at, 1));
      const repeated = changed((other) => void (other[list] as unknown[]).splice(at, 0, other[list][at]));
      expect([at, failedStepOf(dropped)]).not.toContain(undefined);
      expect([at, failedStepOf(repeated)]).not.toContain(undefined);
      if (at === 0) continue;
      const swapped = changed((other) => {
        const items = other[list] as unknown[];
        [items[at - 1], items[at]] = [items[at], items[at - 1]];
      });
      expect([at, failedStepOf(swapped)]).not.toContain(undefined);
    }
  });

  it('cannot be dropped together with all that refers to them', () => {
    const heights = bundle.headers.map(({ header }) => header.height).filter((height) => height > 1);
    for (const height of heights) expect([height, failedStepOf(withoutBlock(height))]).not.toContain(undefined);
  });

  it('such as one voter’s commitment and reveal cannot be dropped', () => {
    const voter = testAgents.find(({ role }) => role === 'dependency_explorer')?.wallet.address;
    const other = changed(({ steps }) => {
      for (const type of ['vote', 'reveal_vote']) {
        const at = steps.findIndex(({ transaction }) => transaction.sender === voter && transaction.type === type);
        steps.splice(at, 1);
      }
    });
    expect(failedStepOf(other)).toBe('votes');
  });
});

describe('verification never throws', () => {
  it('on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant('['.repeat(100_000))), (given) => {
        expect(verifyBundle(given, genesisText, verifier)).toMatchObject({ ok: false, failedStep: 'parse' });
        expect(verifyBundle(text, given, verifier)).toMatchObject({ ok: false, failedStep: 'genesis' });
      }),
      { numRuns: 40 },
    );
  });

  it('on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (given) => {
        expect(verifyBundle(given, genesisText, verifier)).toMatchObject({ ok: false, failedStep: 'parse' });
      }),
    );
  });

  it('on a bundle with any part exchanged for something else', () => {
    const random = seededRandom(7);
    const junk = [null, 0, -1, '', 'ab', [], {}, true, 2 ** 53 - 1, '00'.repeat(32)];
    const exchange = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || random.chance(0.15)) return junk[random.below(junk.length)];
      const entries = Object.entries(value);
      const chosen = entries[random.below(entries.length)]?.[0];
      const next = Object.fromEntries(entries.map(([key, item]) => [key, key === chosen ? exchange(item) : item]));
      return Array.isArray(value) ? Object.values(next) : next;
    };
    for (let run = 0; run < 100; run += 1) {
      const other = bundleText(exchange(copy()));
      if (other === text) continue;
      expect(verifyBundle(other, genesisText, verifier).ok).toBe(false);
    }
  });
});
