/** Messages on a byte stream: the length (u32, big-endian) before each. */
import { FrameTooLargeError } from './errors.ts';

const FRAME_HEADER_BYTES = 4;
/** Memory follows the bytes that have arrived, not the length that a peer announces. */
const BODY_CAPACITY_FIRST = 65_536;

export function encodeFrame(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + message.length);
  new DataView(frame.buffer).setUint32(0, message.length);
  frame.set(message, FRAME_HEADER_BYTES);
  return frame;
}

export interface FrameAssembler {
  /**
   * Whole messages that this chunk completes, as copies, each cut out when it is asked for: who stops asking leaves the
   * rest of the chunk unread, and a chunk full of tiny frames takes no memory at once. @throws FrameTooLargeError
   */
  push(chunk: Uint8Array): Iterable<Uint8Array>;
  /** Whether a message has begun and not ended. */
  readonly isWithin: boolean;
}

/** Cuts chunks of any size into messages of at most `limit` bytes. */
export function frameAssembler(limit: number): FrameAssembler {
  const header = new DataView(new ArrayBuffer(FRAME_HEADER_BYTES));
  let headerFilled = 0;
  let body = new Uint8Array();
  let bodyFilled = 0;
  let length = 0;

  const takeHeader = (byte: number): void => {
    header.setUint8(headerFilled, byte);
    headerFilled += 1;
    if (headerFilled < FRAME_HEADER_BYTES) return;
    length = header.getUint32(0);
    if (length > limit) throw new FrameTooLargeError(length, limit);
    body = new Uint8Array(Math.min(length, BODY_CAPACITY_FIRST));
    bodyFilled = 0;
  };
  const takeBody = (part: Uint8Array): void => {
    const filled = bodyFilled + part.length;
    if (filled > body.length) {
      const larger = new Uint8Array(Math.min(length, Math.max(filled, body.length * 2)));
      larger.set(body.subarray(0, bodyFilled));
      body = larger;
    }
    body.set(part, bodyFilled);
    bodyFilled = filled;
  };

  return {
    get isWithin() {
      return headerFilled > 0;
    },
    *push(chunk) {
      let offset = 0;
      while (offset < chunk.length) {
        if (headerFilled < FRAME_HEADER_BYTES) {
          takeHeader(chunk[offset] ?? 0);
          offset += 1;
        } else {
          const part = chunk.subarray(offset, offset + length - bodyFilled);
          takeBody(part);
          offset += part.length;
        }
        if (headerFilled === FRAME_HEADER_BYTES && bodyFilled === length) {
          const message = body;
          body = new Uint8Array();
          headerFilled = 0;
          bodyFilled = 0;
          yield message;
        }
      }
    },
  };
}
