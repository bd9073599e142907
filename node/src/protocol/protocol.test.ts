import { ListCompositeType } from '@chainsafe/ssz';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from './bytes.ts';
import { canonicalBytes, canonicalText, parseCanonical } from './canonical.ts';
import { DecodeError } from './errors.ts';
import { listRoot, proveListItem, verifyListItem } from './merkle/list.ts';
import { mayPerform, ROLES } from './roles.ts';
import { Bytes32, decodeBlock, decodeCertificate, decodeReceipt, decodeTransaction, decodeVote } from './ssz.ts';
import {
  decodeConsensusMessage,
  decodeEnvelope,
  decodeFinality,
  decodeSyncRequest,
  decodeSyncResponse,
  encodeSyncRequest,
  encodeSyncResponse,
} from './wire.ts';

describe('canonical JSON', () => {
  it.each([
    ['keys in another order', '{"b":1,"a":2}'],
    ['white space', '{"a": 1}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['another spelling of a number', '{"a":1.0}'],
    ['an exponent', '{"a":1e2}'],
    ['a fraction', '{"a":0.5}'],
    ['minus zero', '{"a":-0}'],
    ['beyond exact integers', '{"a":9007199254740992}'],
    ['an escape that is not needed', '{"a":"\\u0062"}'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['nothing', ''],
    ['something behind', '{"a":1}x'],
  ])('refuses %s', (_case, text) => {
    expect(() => parseCanonical(new TextEncoder().encode(text))).toThrow(DecodeError);
  });

  it('refuses broken UTF-8 and what nests too deeply', () => {
    expect(() => parseCanonical(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(DecodeError);
    expect(() => parseCanonical(new TextEncoder().encode('{"a":"\\ud800"}'))).toThrow(DecodeError);
    expect(() => parseCanonical(new TextEncoder().encode('['.repeat(40) + ']'.repeat(40)))).toThrow(DecodeError);
  });

  it('reads back what it wrote', () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.maxSafeInteger().map((value) => value + 0),
        fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalText(parseCanonical(canonicalBytes(value)))).toBe(canonicalText(value));
      }),
    );
  });
});

describe('list roots', () => {
  const leaves = (count: number) => Array.from({ length: count }, (_, index) => new Uint8Array(32).fill(index + 1));

  it.each([0, 1, 2, 3, 5, 8, 33])('%i leaves: the root is the SSZ library’s, every item is provable', (count) => {
    const items = leaves(count);
    const root = toHex(listRoot(items, 64));
    expect(root).toBe(toHex(new ListCompositeType(Bytes32, 64).hashTreeRoot(items)));
    items.forEach((leaf, index) => {
      const proof = proveListItem(items, index, 64);
      expect(verifyListItem(toHex(leaf), proof, root, 64)).toBe(true);
      expect(verifyListItem(toHex(leaf), { ...proof, index: (index + 1) % count }, root, 64)).toBe(count === 1);
      expect(verifyListItem(toHex(leaf), { ...proof, length: count + 1 }, root, 64)).toBe(false);
      expect(verifyListItem('ff'.repeat(32), proof, root, 64)).toBe(false);
    });
  });

  it('a doubled last leaf is another list (CVE-2012-2459)', () => {
    const three = leaves(3);
    expect(toHex(listRoot(three, 64))).not.toBe(toHex(listRoot([...three, three[2] as Uint8Array], 64)));
  });
});

describe('decoders of what peers send', () => {
  const decoders = {
    decodeTransaction,
    decodeBlock,
    decodeReceipt,
    decodeVote,
    decodeCertificate,
    decodeFinality,
    decodeEnvelope,
    decodeConsensusMessage,
    decodeSyncRequest,
    decodeSyncResponse,
  } as const;

  it.each(Object.entries(decoders))('%s returns a value or a DecodeError on any bytes', (_name, decode) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('sync messages come back as they went', () => {
    for (const request of [
      { type: 'status' },
      { type: 'blocks', fromHeight: 5, count: 64 },
      { type: 'block', hash: 'ab'.repeat(32) },
      { type: 'certificates', epoch: 0, fromView: 3, toView: 9 },
      { type: 'evidence', hashes: ['cd'.repeat(32)] },
    ] as const) {
      expect(decodeSyncRequest(encodeSyncRequest(request))).toEqual(request);
    }
    const status = { type: 'status', height: 4, hash: 'ef'.repeat(32), view: 8 } as const;
    expect(decodeSyncResponse(encodeSyncResponse(status))).toEqual(status);
    const none = { type: 'blocks', blocks: [], finality: null } as const;
    expect(decodeSyncResponse(encodeSyncResponse(none))).toEqual(none);
  });
});

describe('the ring', () => {
  it('lets a step’s own role act at once and the others one deadline after the other', () => {
    const may = (role: (typeof ROLES)[number], elapsedMs: number) =>
      mayPerform('submit_solution', role, elapsedMs, 1_000);
    expect(may('solution_engineer', 0)).toBe(true);
    expect(may('alert_receiver', 999)).toBe(false);
    expect(may('alert_receiver', 1_000)).toBe(true);
    expect(may('fault_mapper', 5_999)).toBe(false);
    expect(ROLES.every((role) => may(role, 6_000))).toBe(true);
  });
});
