import { describe, expect, test } from 'vitest';
import { DecodeError } from '../protocol/errors.ts';
import { mutated } from '../testing/fuzz/mutate-bytes.ts';
import { fuzz } from '../testing/fuzz/runs.ts';
import { RELAY_PAYLOAD_BYTES_MAX } from './constants.ts';
import { FrameTooLargeError } from './errors.ts';
import { encodeFrame, frameAssembler } from './frame.ts';
import { seatAt } from './libp2p.fixture.ts';
import { type RelayEnvelope, relaySeal } from './relay-envelope.ts';

const [origin, other] = [seatAt(1, 0), seatAt(2, 0)];
const keys = [origin.key, other.key];
const own = relaySeal('test', origin.secretKey, keys);
const envelope: RelayEnvelope = {
  ...{ kind: 'message', origin: origin.key, sequence: 7, receivers: [other.key] },
  payload: new TextEncoder().encode('a vote'),
};

describe('a relayed message', () => {
  test('comes out as it was said, and only as its origin signed it', () => {
    const opened = own.open(own.seal(envelope));
    expect(opened.envelope).toEqual(envelope);
    expect(opened.isSigned()).toBe(true);
    const forged = relaySeal('test', other.secretKey, keys).seal(envelope);
    expect(own.open(forged).isSigned()).toBe(false);
    const elsewhere = relaySeal('another', origin.secretKey, keys).seal(envelope);
    expect(own.open(elsewhere).isSigned()).toBe(false);
    expect(relaySeal('test', other.secretKey, []).open(own.seal(envelope)).isSigned()).toBe(false);
  });

  test('is bounded', () => {
    const large = own.seal({ ...envelope, payload: new Uint8Array(RELAY_PAYLOAD_BYTES_MAX + 1) });
    expect(() => own.open(large)).toThrow(DecodeError);
    const twice = own.seal({ ...envelope, receivers: [other.key, other.key] });
    expect(() => own.open(twice)).toThrow('a receiver twice');
    expect(() => own.open(own.seal({ ...envelope, kind: 'call' }))).toThrow('a call says nothing');
  });

  test('that was changed is refused by its form or by its signature', () => {
    const samples = [own.seal(envelope), own.seal({ ...envelope, kind: 'call', payload: new Uint8Array() })];
    fuzz('relay envelope', 1_000, (random) => {
      const bytes = mutated(random, samples);
      if (samples.some((sample) => Buffer.compare(sample, bytes) === 0)) return;
      try {
        expect(own.open(bytes).isSigned()).toBe(false);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
    });
  });
});

describe('frames of mutated bytes', () => {
  const LIMIT = 4_096;
  const samples = [0, 1, 3, 1_000, LIMIT].map((length) => encodeFrame(new Uint8Array(length).fill(length)));

  test('give messages within the limit, or one error, in chunks of any size', () => {
    fuzz('frames', 1_000, (random) => {
      const bytes = mutated(random, samples);
      const assembler = frameAssembler(LIMIT);
      let out = 0;
      try {
        for (let at = 0; at < bytes.length; ) {
          const chunk = bytes.subarray(at, at + 1 + random.below(300));
          at += chunk.length;
          for (const message of assembler.push(chunk)) {
            expect(message.length).toBeLessThanOrEqual(LIMIT);
            out += 4 + message.length;
          }
        }
      } catch (error) {
        if (!(error instanceof FrameTooLargeError)) throw error;
      }
      expect(out).toBeLessThanOrEqual(bytes.length);
    });
  });

  test('take no memory for a length that is only claimed', () => {
    const claims = Array.from({ length: 200 }, () => frameAssembler(4_194_304));
    const header = encodeFrame(new Uint8Array(4_194_304)).subarray(0, 10);
    const before = process.memoryUsage().arrayBuffers;
    for (const assembler of claims) expect([...assembler.push(header)]).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(claims.length * 100_000);
    expect(claims.every(({ isWithin }) => isWithin)).toBe(true);
  });
});
