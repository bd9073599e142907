/** Records of the write-ahead log as bytes: one tag, one SSZ value; and the head that comes before them. */
import type { LogRecord } from '../consensus/index.ts';
import { fromHex, toHex } from '../protocol/bytes.ts';
import { DecodeError } from '../protocol/errors.ts';
import {
  decodeBlock,
  decodeCertificate,
  decodeVote,
  encodeBlock,
  encodeCertificate,
  encodeVote,
} from '../protocol/ssz.ts';
import type { Hash } from '../protocol/types.ts';

const TAGS = { vote: 1, block: 2, certificate: 3, head: 4 } as const;

/** Layout of the records. A log of another version is refused: votes that cannot be read cannot be kept to. */
const LOG_VERSION = 1;
/** Tag, version, genesis hash, floor height (u64, big-endian). */
const HEAD_BYTES = 1 + 1 + 32 + 8;

/** First record of a log: whose votes it holds, and the height up to whose view they were dropped. */
export interface LogHead {
  readonly genesis: Hash;
  readonly floorHeight: number;
}

export function encodeLogHead({ genesis, floorHeight }: LogHead): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  bytes.set([TAGS.head, LOG_VERSION]);
  bytes.set(fromHex(genesis, 32), 2);
  new DataView(bytes.buffer).setBigUint64(34, BigInt(floorHeight));
  return bytes;
}

/** @throws DecodeError */
export function decodeLogHead(bytes: Uint8Array): LogHead {
  if (bytes.length !== HEAD_BYTES || bytes[0] !== TAGS.head) throw new DecodeError('log head', 'is none');
  if (bytes[1] !== LOG_VERSION) throw new DecodeError('log head', `version ${bytes[1]}, not ${LOG_VERSION}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { genesis: toHex(bytes.subarray(2, 34)), floorHeight: Number(view.getBigUint64(34)) };
}

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
