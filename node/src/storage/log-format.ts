/**
 * The write-ahead log as bytes. One append is one frame: length of the body (u32), CRC-32 of the body (u32), body; the
 * body is its records, each behind its length (u32); numbers little-endian. The next frame is written only when the one
 * before is synced, so a crash damages the last frame at most, and in it any part: sectors reach a disk in any order.
 * A checksum for each record would take such a frame for damage inside the file. A frame is never empty, so that the
 * zeros which a crash may leave behind the last write do not read as frames.
 */
import { crc32 } from 'node:zlib';
import { LOG_FRAME_BYTES_MAX, LOG_HEADER_BYTES, LOG_LENGTH_BYTES, LOG_RECORD_BYTES_MAX } from './constants.ts';
import { diskFault } from './errors.ts';

/** @throws StoreError WRITE_FAILED on a record that the log cannot hold */
export function assertRecords(where: string, records: readonly Uint8Array[]): void {
  if (records.some(({ length }) => length === 0 || length > LOG_RECORD_BYTES_MAX)) {
    throw diskFault(where, `a record has 1 to ${LOG_RECORD_BYTES_MAX} bytes`);
  }
}

function encodeFrame(records: readonly Uint8Array[], bodyBytes: number): Uint8Array {
  const bytes = new Uint8Array(LOG_HEADER_BYTES + bodyBytes);
  const view = new DataView(bytes.buffer);
  let offset = LOG_HEADER_BYTES;
  for (const record of records) {
    view.setUint32(offset, record.length, true);
    bytes.set(record, offset + LOG_LENGTH_BYTES);
    offset += LOG_LENGTH_BYTES + record.length;
  }
  view.setUint32(0, bodyBytes, true);
  view.setUint32(4, crc32(bytes.subarray(LOG_HEADER_BYTES)), true);
  return bytes;
}

/** The records as frames: one, unless they are too many bytes for one. */
export function encodeFrames(records: readonly Uint8Array[]): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  let frame: Uint8Array[] = [];
  let bodyBytes = 0;
  for (const record of records) {
    const added = LOG_LENGTH_BYTES + record.length;
    if (bodyBytes + added > LOG_FRAME_BYTES_MAX) {
      frames.push(encodeFrame(frame, bodyBytes));
      frame = [];
      bodyBytes = 0;
    }
    frame.push(record);
    bodyBytes += added;
  }
  if (frame.length > 0) frames.push(encodeFrame(frame, bodyBytes));
  return frames;
}

export interface LogContent {
  readonly records: readonly Uint8Array[];
  /** Bytes up to the end of the last whole frame; what follows is a torn tail. */
  readonly wholeBytes: number;
  /** Whether a damaged frame has whole ones after it: then it was not the last write that broke. */
  readonly damagedInside: boolean;
}

/** The body of the whole frame that starts at `offset`, if one does. */
function bodyAt(bytes: Uint8Array, view: DataView, offset: number): Uint8Array | undefined {
  const start = offset + LOG_HEADER_BYTES;
  if (start > bytes.length) return undefined;
  const length = view.getUint32(offset, true);
  if (length === 0 || length > LOG_FRAME_BYTES_MAX || start + length > bytes.length) return undefined;
  const body = bytes.subarray(start, start + length);
  return crc32(body) === view.getUint32(offset + 4, true) ? body : undefined;
}

/** Undefined when the lengths do not fill the body exactly: no frame of this program. */
function recordsOf(body: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const records: Uint8Array[] = [];
  let offset = 0;
  while (offset + LOG_LENGTH_BYTES <= body.length) {
    const end = offset + LOG_LENGTH_BYTES + view.getUint32(offset, true);
    if (end > body.length) return undefined;
    records.push(body.slice(offset + LOG_LENGTH_BYTES, end));
    offset = end;
  }
  return offset === body.length ? records : undefined;
}

/**
 * Whether a whole frame lies after the damaged one at `offset`. Where its length can be believed, the next frame starts
 * behind it. Where the length itself is damaged, the next one may start at any byte: every start is tried from which
 * lengths lead exactly to the end of the file, and the checksum decides.
 */
function frameFollows(bytes: Uint8Array, view: DataView, offset: number): boolean {
  const lengthAt = (at: number): number => (at + LOG_HEADER_BYTES < bytes.length ? view.getUint32(at, true) : 0);
  const next = offset + LOG_HEADER_BYTES + lengthAt(offset);
  if (next < bytes.length && bodyAt(bytes, view, next)) return true;

  const leadsToEnd = new Uint8Array(bytes.length + 1);
  leadsToEnd[bytes.length] = 1;
  for (let start = bytes.length - LOG_HEADER_BYTES - 1; start > offset; start -= 1) {
    const length = lengthAt(start);
    if (length === 0 || leadsToEnd[start + LOG_HEADER_BYTES + length] !== 1) continue;
    if (bodyAt(bytes, view, start)) return true;
    leadsToEnd[start] = 1;
  }
  return false;
}

export function parseLog(bytes: Uint8Array): LogContent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  let offset = 0;
  for (let body = bodyAt(bytes, view, 0); body; body = bodyAt(bytes, view, offset)) {
    const held = recordsOf(body);
    if (!held) break;
    records.push(...held);
    offset += LOG_HEADER_BYTES + body.length;
  }
  return { records, wholeBytes: offset, damagedInside: offset < bytes.length && frameFollows(bytes, view, offset) };
}
