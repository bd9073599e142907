import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinBytes, toHex, utf8Bytes } from '../../protocol/bytes.ts';
import { keyBit, stateKeyHash, verifyStateProof } from '../../protocol/merkle/state.ts';
import { ZERO_HASH } from '../../protocol/types.ts';
import { Trie } from './trie.ts';

/** The rule of the root as it is written down, without any tree: what the tree is held against. */
function rootByDefinition(entries: readonly (readonly [string, string])[], depth = 0): Uint8Array {
  if (entries.length === 0) return new Uint8Array(32);
  const [first] = entries;
  if (first && entries.length === 1) {
    return sha256(joinBytes(new Uint8Array([0]), sha256(utf8Bytes(first[0])), sha256(utf8Bytes(first[1]))));
  }
  const side = (bit: 0 | 1) => entries.filter(([key]) => keyBit(sha256(utf8Bytes(key)), depth) === bit);
  const children = [rootByDefinition(side(0), depth + 1), rootByDefinition(side(1), depth + 1)];
  return sha256(joinBytes(new Uint8Array([1]), ...children));
}

const filled = (entries: Iterable<readonly [string, string]>): Trie => {
  let trie = Trie.empty;
  for (const [key, value] of entries) trie = trie.set(key, value);
  return trie;
};

const key = fc.integer({ min: 0, max: 60 }).map((number) => `key/${number}`);
const value = fc.integer({ min: 0, max: 5 }).map((number) => `{"n":${number}}`);
const operation = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('set' as const), key, value }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), key, value }) },
);

describe('root', () => {
  test('of nothing is 32 zero bytes', () => {
    expect(Trie.empty.root()).toBe(ZERO_HASH);
    expect(
      filled([['a', '1']])
        .delete('a')
        .root(),
    ).toBe(ZERO_HASH);
  });

  test('built at once counts the last of a key that stands there twice', () => {
    const entries = [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ] as const;
    expect(Trie.of(entries).root()).toBe(filled(entries).root());
    expect(Trie.of([]).root()).toBe(ZERO_HASH);
    expect(
      Trie.of([['a', '1']])
        .delete('a')
        .root(),
    ).toBe(ZERO_HASH);
  });

  test('follows the written rule and depends on the content alone, whatever the history', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), fc.boolean(), (operations, hashEachStep) => {
        const model = new Map<string, string>();
        let trie = Trie.empty;
        for (const { kind, key, value } of operations) {
          trie = kind === 'set' ? trie.set(key, value) : trie.delete(key);
          if (kind === 'set') model.set(key, value);
          else model.delete(key);
          if (hashEachStep) trie.root();
        }
        expect(trie.root()).toBe(toHex(rootByDefinition([...model])));
        expect(trie.root()).toBe(filled([...model].reverse()).root());
        expect(Trie.of([...model].reverse()).root()).toBe(trie.root());
        expect(new Map([...trie.leaves()].map((leaf) => [leaf.key, leaf.value]))).toEqual(model);
      }),
    );
  });

  test('a write leaves the tree it came from as it was', () => {
    const before = filled(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'old'] as const));
    const root = before.root();
    const after = before.set('k7', 'new').delete('k8').set('k99', 'added');
    expect(after.root()).not.toBe(root);
    expect(before.root()).toBe(root);
    expect(before.get('k7')?.value).toBe('old');
    expect(before.get('k8')?.value).toBe('old');
    expect(before.get('k99')).toBeUndefined();
  });

  test('deleting what is not there gives the same tree', () => {
    const trie = filled([['a', '1']]);
    expect(trie.delete('b')).toBe(trie);
  });
});

describe('record', () => {
  test('is parsed once and frozen all the way down', () => {
    const leaf = filled([['a', '{"list":[{"n":1}]}']]).get('a');
    const record = leaf?.record as { list: { n: number }[] };
    expect(leaf?.record).toBe(record);
    expect(() => record.list.push({ n: 2 })).toThrow(TypeError);
    expect(() => Object.assign(record.list[0] ?? {}, { n: 3 })).toThrow(TypeError);
  });
});

describe('prove', () => {
  test('every key, there or not, and only under its own root', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 40 }), key, (content, probe) => {
        const trie = filled(Object.entries(content));
        const root = trie.root();
        for (const each of [...Object.keys(content), probe]) {
          const proof = trie.prove(each);
          expect(proof.value).toBe(content[each] ?? null);
          expect(verifyStateProof(proof, root)).toBe(true);
          expect(verifyStateProof(proof, trie.set('another', '1').root())).toBe(false);
          expect(verifyStateProof({ ...proof, value: '"forged"' }, root)).toBe(false);
        }
        // What is there cannot be proven absent with the pieces of its own proof.
        for (const each of Object.keys(content)) {
          const { siblings } = trie.prove(each);
          expect(verifyStateProof({ key: each, value: null, siblings }, root)).toBe(false);
        }
      }),
    );
  });

  test('an absent key beside a leaf names that leaf by its hashes', () => {
    const trie = filled([['here', '{"n":1}']]);
    expect(trie.prove('there')).toEqual({
      key: 'there',
      value: null,
      siblings: [],
      neighbour: { keyHash: toHex(stateKeyHash('here')), valueHash: toHex(sha256(utf8Bytes('{"n":1}'))) },
    });
  });

  test('keys whose hashes share many bits stand far down, with empty places beside them', () => {
    const hashes = Array.from({ length: 2_000 }, (_, index) => `near/${index}`)
      .map((name) => [toHex(stateKeyHash(name)), name] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const shared = (a: string, b: string) => [...a].findIndex((digit, index) => digit !== b[index]);
    const pairs = hashes.slice(1).map((entry, index) => [hashes[index] ?? entry, entry] as const);
    const [closest] = pairs.sort(([a, b], [c, d]) => shared(c[0], d[0]) - shared(a[0], b[0]));
    if (!closest) throw new Error('no pair');
    const [[, one], [, other]] = closest;
    const trie = filled([
      [one, '1'],
      [other, '2'],
    ]);
    const proof = trie.prove(one);
    expect(proof.siblings.length).toBeGreaterThan(12);
    expect(proof.siblings.slice(0, -1)).toEqual(proof.siblings.slice(0, -1).map(() => ZERO_HASH));
    expect(verifyStateProof(proof, trie.root())).toBe(true);
    expect(trie.delete(one).root()).toBe(filled([[other, '2']]).root());
  });
});
