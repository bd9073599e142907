/**
 * What travels over the relay topic: a consensus message in the envelope of the validator that said it, or a validator's
 * call to those that it cannot reach. Signed as a whole by its origin, so that whoever passes it on can change nothing
 * and nobody speaks in another's name. The signed text never has the 32 bytes of a vote's signing root.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { ByteListType, ByteVectorType, ContainerType, ListCompositeType, UintNumberType } from '@chainsafe/ssz';
import type { NodeKey } from '../ports/network.ts';
import { fromHex, joinBytes, toHex, utf8Bytes } from '../protocol/bytes.ts';
import { VALIDATORS_MAX } from '../protocol/constants.ts';
import { DecodeError } from '../protocol/errors.ts';
import { RELAY_PAYLOAD_BYTES_MAX } from './constants.ts';

const KINDS = ['call', 'message'] as const;

export interface RelayEnvelope {
  /** `call`: the origin has no link with its receivers and asks them to answer this way. The payload is empty. */
  readonly kind: (typeof KINDS)[number];
  readonly origin: NodeKey;
  /** Grows with each envelope of one run, so that the same message said again is another envelope. */
  readonly sequence: number;
  readonly receivers: readonly NodeKey[];
  readonly payload: Uint8Array;
}

const Key = new ByteVectorType(32);
const fields = {
  kind: new UintNumberType(1),
  origin: Key,
  sequence: new UintNumberType(8),
  receivers: new ListCompositeType(Key, VALIDATORS_MAX),
  payload: new ByteListType(RELAY_PAYLOAD_BYTES_MAX),
};
const UnsignedSsz = new ContainerType(fields);
const SealedSsz = new ContainerType({ unsigned: UnsignedSsz, signature: new ByteVectorType(64) });

/** DER prefixes of an ed25519 SubjectPublicKeyInfo and of a PKCS #8 seed (RFC 8410). */
const SPKI = fromHex('302a300506032b6570032100');
const PKCS8 = fromHex('302e020100300506032b657004220420');

export interface RelaySeal {
  /** Signs; whoever opens it checks the limits. */
  seal(envelope: RelayEnvelope): Uint8Array;
  /** The envelope, whose signature is not checked yet. @throws DecodeError */
  open(bytes: Uint8Array): { readonly envelope: RelayEnvelope; isSigned(): boolean };
}

/** @param secretKey 32 bytes, the validator's seed @param keys whose signatures are checked */
export function relaySeal(chainId: string, secretKey: Uint8Array, keys: Iterable<NodeKey>): RelaySeal {
  const domain = utf8Bytes(`dao-gov-aiops/v1\nrelay\n${chainId}\n`);
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, secretKey]), format: 'der', type: 'pkcs8' });
  const publicKeys = new Map<NodeKey, KeyObject>();
  for (const key of keys) {
    const der = Buffer.concat([SPKI, fromHex(key, 32)]);
    publicKeys.set(key, createPublicKey({ key: der, format: 'der', type: 'spki' }));
  }

  const rawOf = ({ kind, origin, sequence, receivers, payload }: RelayEnvelope) => ({
    ...{ kind: KINDS.indexOf(kind), origin: fromHex(origin, 32), sequence, payload },
    receivers: receivers.map((key) => fromHex(key, 32)),
  });
  const parse = (bytes: Uint8Array) => {
    try {
      return SealedSsz.deserialize(bytes);
    } catch (error) {
      throw new DecodeError('relay envelope', error instanceof Error ? error.message : 'malformed');
    }
  };
  return {
    seal(envelope) {
      const unsigned = rawOf(envelope);
      const signature = sign(null, joinBytes(domain, UnsignedSsz.serialize(unsigned)), secret);
      return SealedSsz.serialize({ unsigned, signature: new Uint8Array(signature) });
    },
    open(bytes) {
      const { unsigned, signature } = parse(bytes);
      const kind = KINDS[unsigned.kind];
      if (kind === undefined) throw new DecodeError('relay envelope', `unknown kind ${unsigned.kind}`);
      if (!Number.isSafeInteger(unsigned.sequence)) throw new DecodeError('relay envelope', 'sequence out of range');
      const receivers = unsigned.receivers.map(toHex);
      if (new Set(receivers).size !== receivers.length) throw new DecodeError('relay envelope', 'a receiver twice');
      if (kind === 'call' && unsigned.payload.length > 0)
        throw new DecodeError('relay envelope', 'a call says nothing');
      const envelope = { ...unsigned, kind, origin: toHex(unsigned.origin), receivers };
      const isSigned = (): boolean => {
        const key = publicKeys.get(envelope.origin);
        return key !== undefined && verify(null, joinBytes(domain, UnsignedSsz.serialize(unsigned)), key, signature);
      };
      return { envelope, isSigned };
    },
  };
}
