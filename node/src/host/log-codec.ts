/** Records of the write-ahead log as bytes: one tag, one SSZ value. */
import type { LogRecord } from '../consensus/index.ts';
import { DecodeError } from '../protocol/errors.ts';
import {
  decodeBlock,
  decodeCertificate,
  decodeVote,
  encodeBlock,
  encodeCertificate,
  encodeVote,
} from '../protocol/ssz.ts';

const TAGS = { vote: 1, block: 2, certificate: 3 } as const;

function bodyOf(record: LogRecord): Uint8Array {
  switch (record.type) {
    case 'vote':
      return encodeVote(record.vote);
    case 'block':
      return encodeBlock(record.block);
    case 'certificate':
      return encodeCertificate(record.certificate);
  }
}

export function encodeLogRecord(record: LogRecord): Uint8Array {
  const body = bodyOf(record);
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = TAGS[record.type];
  bytes.set(body, 1);
  return bytes;
}

/** @throws DecodeError */
export function decodeLogRecord(bytes: Uint8Array): LogRecord {
  const body = bytes.subarray(1);
  switch (bytes[0]) {
    case TAGS.vote:
      return { type: 'vote', vote: decodeVote(body) };
    case TAGS.block:
      return { type: 'block', block: decodeBlock(body) };
    case TAGS.certificate:
      return { type: 'certificate', certificate: decodeCertificate(body) };
    default:
      throw new DecodeError('log record', `unknown tag ${bytes[0]}`);
  }
}
