/**
 * The write-ahead log as bytes: length (u32), CRC-32 of the record (u32), record; numbers little-endian. A record is
 * never empty, so that the zeros which a crash may leave behind the last write do not read as records.
 */
import { crc32 } from 'node:zlib';
import { LOG_HEADER_BYTES, LOG_RECORD_BYTES_MAX } from './constants.ts';
import { writeFailed } from './errors.ts';

/** @throws StoreError WRITE_FAILED on a record that the log cannot hold */
export function assertRecords(where: string, records: readonly Uint8Array[]): void {
  if (records.some(({ length }) => length === 0 || length > LOG_RECORD_BYTES_MAX)) {
    throw writeFailed(where, `a record has 1 to ${LOG_RECORD_BYTES_MAX} bytes`);
  }
}

export function encodeRecords(records: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(records.reduce((sum, record) => sum + LOG_HEADER_BYTES + record.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const record of records) {
    view.setUint32(offset, record.length, true);
    view.setUint32(offset + 4, crc32(record), true);
    bytes.set(record, offset + LOG_HEADER_BYTES);
    offset += LOG_HEADER_BYTES + record.length;
  }
  return bytes;
}

export interface LogContent {
  readonly records: readonly Uint8Array[];
  /** Bytes up to the end of the last whole record; what follows is a torn tail. */
  readonly wholeBytes: number;
  /** Whether a damaged record has whole ones after it: then it was not the last write that broke. */
  readonly damagedInside: boolean;
}

/** The whole record that starts at `offset`, if one does. */
function recordAt(bytes: Uint8Array, view: DataView, offset: number): Uint8Array | undefined {
  const start = offset + LOG_HEADER_BYTES;
  if (start > bytes.length) return undefined;
  const length = view.getUint32(offset, true);
  if (length === 0 || length > LOG_RECORD_BYTES_MAX || start + length > bytes.length) return undefined;
  const record = bytes.subarray(start, start + length);
  return crc32(record) === view.getUint32(offset + 4, true) ? record : undefined;
}

/**
 * Whether a whole record lies after the damaged one at `offset`. Where its length can be believed, the next record
 * starts behind it. Where the length itself is damaged, the next one may start at any byte: every start is tried from
 * which lengths lead exactly to the end of the file, and the checksum decides.
 */
function recordFollows(bytes: Uint8Array, view: DataView, offset: number): boolean {
  const lengthAt = (at: number): number => (at + LOG_HEADER_BYTES < bytes.length ? view.getUint32(at, true) : 0);
  const next = offset + LOG_HEADER_BYTES + lengthAt(offset);
  if (next < bytes.length && recordAt(bytes, view, next)) return true;

  const leadsToEnd = new Uint8Array(bytes.length + 1);
  leadsToEnd[bytes.length] = 1;
  for (let start = bytes.length - LOG_HEADER_BYTES - 1; start > offset; start -= 1) {
    const length = lengthAt(start);
    if (length === 0 || leadsToEnd[start + LOG_HEADER_BYTES + length] !== 1) continue;
    if (recordAt(bytes, view, start)) return true;
    leadsToEnd[start] = 1;
  }
  return false;
}

export function parseLog(bytes: Uint8Array): LogContent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  let offset = 0;
  for (let record = recordAt(bytes, view, 0); record; record = recordAt(bytes, view, offset)) {
    records.push(new Uint8Array(record));
    offset += LOG_HEADER_BYTES + record.length;
  }
  return { records, wholeBytes: offset, damagedInside: offset < bytes.length && recordFollows(bytes, view, offset) };
}
