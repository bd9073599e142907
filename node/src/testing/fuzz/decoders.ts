/** Every decoder of bytes from a peer or a disk, each with valid input to start from and its own typed error. */
import { decodeLogRecord, encodeLogRecord } from '../../host/log-codec.ts';
import type { AuditBundle } from '../../protocol/audit/bundle.ts';
import { parseBundle, parseGenesisFile } from '../../protocol/audit/checks/parse.ts';
import { CheckError } from '../../protocol/audit/errors.ts';
import { encodeBundle } from '../../protocol/audit/index.ts';
import { bytesEqual, joinBytes, utf8Bytes } from '../../protocol/bytes.ts';
import { canonicalBytes, parseCanonical } from '../../protocol/canonical.ts';
import { DecodeError } from '../../protocol/errors.ts';
import * as ssz from '../../protocol/ssz.ts';
import * as wire from '../../protocol/wire.ts';
import * as codec from '../../storage/codec.ts';
import { encodeFrames, parseLog } from '../../storage/log-format.ts';
import type { Samples } from './samples.ts';

type ErrorClass = new (...args: never[]) => Error;

/** How many bytes of memory one byte of input may become: hex doubles, a UTF-16 text doubles again, and objects. */
const MEMORY_FACTOR = 24;

export interface Decoder {
  readonly name: string;
  readonly samples: readonly Uint8Array[];
  readonly decode: (bytes: Uint8Array) => unknown;
  /** Undefined where many spellings of one value are legal. */
  readonly encode: ((value: never) => Uint8Array) | undefined;
  readonly errors: readonly ErrorClass[];
  readonly memoryFactor: number;
  /** The input is JSON text: mutations keep it so, half of the time. */
  readonly json?: boolean;
}

function decoder<T, V>(
  name: string,
  values: readonly V[],
  encode: (value: V) => Uint8Array,
  decode: (bytes: Uint8Array) => T,
  changes: Partial<Decoder> = {},
): Decoder {
  return {
    ...{ name, decode, samples: values.map(encode), errors: [DecodeError], memoryFactor: MEMORY_FACTOR },
    encode: encode as unknown as (value: never) => Uint8Array, // the decoded value is what `encode` takes
    ...changes,
  };
}

/** A log never refuses: it says which records are whole. */
const logRecords = ({ log }: Samples): Decoder =>
  decoder(
    'log file',
    [log.map(encodeLogRecord), []],
    (records) => joinBytes(...encodeFrames(records)),
    (bytes) => {
      const { records, wholeBytes } = parseLog(bytes);
      const again = parseLog(bytes.subarray(0, wholeBytes));
      if (!bytesEqual(joinBytes(...again.records), joinBytes(...records))) throw new Error('records changed');
      return records;
    },
    { encode: undefined },
  );

const disk = ({ receipts }: Samples): readonly Decoder[] => [
  decoder('stored receipts', [receipts.slice(0, 3), []], codec.encodeReceipts, codec.decodeReceipts),
  decoder('stored height', [0, 7, 2 ** 53 - 1], codec.encodeHeight, codec.decodeHeight),
  decoder('stored place', [{ height: 12, index: 3 }], codec.encodePlace, codec.decodePlace),
  decoder('stored tip', [{ height: 12, hash: 'ab'.repeat(32) }], codec.encodeTip, codec.decodeTip),
];

const json = (samples: Samples, bundle: AuditBundle): readonly Decoder[] => [
  decoder(
    'canonical JSON',
    samples.receipts.flatMap(({ events }) => events.map(({ data }) => data)),
    canonicalBytes,
    parseCanonical,
    { json: true },
  ),
  decoder('genesis file', [samples.chain.genesisText()], utf8Bytes, parseGenesisFile, {
    ...{ json: true, errors: [CheckError], encode: undefined },
  }),
  decoder('audit bundle', [bundle], encodeBundle, parseBundle, { json: true, errors: [CheckError, DecodeError] }),
];

export async function decoders(samples: Samples): Promise<readonly Decoder[]> {
  const bundle = await samples.chain.bundle();
  return [
    decoder('consensus message', samples.messages, wire.encodeConsensusMessage, wire.decodeConsensusMessage),
    decoder('transaction envelope', samples.envelopes, wire.encodeEnvelope, wire.decodeEnvelope),
    decoder('sync request', samples.requests, wire.encodeSyncRequest, wire.decodeSyncRequest),
    decoder('sync response', samples.responses, wire.encodeSyncResponse, wire.decodeSyncResponse),
    decoder('finality proof', samples.finality, wire.encodeFinality, wire.decodeFinality),
    decoder('block', samples.blocks, ssz.encodeBlock, ssz.decodeBlock),
    decoder(
      'header',
      samples.blocks.map(({ header }) => header),
      ssz.encodeHeader,
      ssz.decodeHeader,
    ),
    decoder(
      'transaction',
      samples.envelopes.map(({ transaction }) => transaction),
      ssz.encodeTransaction,
      ssz.decodeTransaction,
    ),
    decoder('vote', samples.votes, ssz.encodeVote, ssz.decodeVote),
    decoder('certificate', samples.certificates, ssz.encodeCertificate, ssz.decodeCertificate),
    decoder('receipt', samples.receipts, ssz.encodeReceipt, ssz.decodeReceipt),
    decoder('log record', samples.log, encodeLogRecord, decodeLogRecord),
    logRecords(samples),
    ...disk(samples),
    ...json(samples, bundle),
  ];
}
