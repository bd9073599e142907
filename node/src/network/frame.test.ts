import { describe, expect, test } from 'vitest';
import { encodeFrame, frameAssembler } from './frame.ts';

const bytes = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill);
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

describe('frames', () => {
  const messages = [bytes(3), bytes(0), bytes(1, 1), bytes(70_000, 2), bytes(300_000, 3), bytes(5)];
  const stream = joined(...messages.map(encodeFrame));

  test.each([1, 2, 3, 5, 1_000, 65_536, stream.length])('come out whole from chunks of %i bytes', (size) => {
    const assembler = frameAssembler(300_000);
    const received: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) received.push(...assembler.push(stream.subarray(at, at + size)));
    expect(received).toEqual(messages);
  });

  test('start with the length, big-endian', () => {
    expect(encodeFrame(bytes(2, 9))).toEqual(new Uint8Array([0, 0, 0, 2, 9, 9]));
  });

  test('are copies: the chunk may be used again', () => {
    const chunk = encodeFrame(bytes(3));
    const [message] = frameAssembler(10).push(chunk);
    chunk.fill(0);
    expect(message).toEqual(bytes(3));
  });

  test('as large as the limit pass, a byte more is refused at its header', () => {
    expect([...frameAssembler(10).push(encodeFrame(bytes(10)))]).toHaveLength(1);
    const header = encodeFrame(bytes(11)).subarray(0, 4);
    expect(() => [...frameAssembler(10).push(header)]).toThrow('above the limit of 10');
    expect(() => [...frameAssembler(10).push(new Uint8Array(4).fill(255))]).toThrow('above the limit of 10');
  });
});
