/**
 * Several gossiped envelopes in one message. What gossip costs is counted in messages far more than in bytes: names,
 * caches, streams, encryption and writes are paid once for each, at every node. A quiet node sends at once and alone;
 * a busy one gathers what comes within a window, which is the longer the more there was to gather.
 */
import type { Clock } from '../ports/clock.ts';
import { encodeFrame } from './frame.ts';

const LENGTH_BYTES = 4;

/** @param envelopes one at least */
export function encodeParcel(envelopes: readonly Uint8Array[]): Uint8Array {
  const frames = envelopes.map(encodeFrame);
  const parcel = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const frame of frames) {
    parcel.set(frame, offset);
    offset += frame.length;
  }
  return parcel;
}

/**
 * The envelopes as views of the parcel.
 * @returns undefined for what is no parcel: empty, too many, cut short, or with bytes left over
 */
export function decodeParcel(parcel: Uint8Array, envelopesMax: number): readonly Uint8Array[] | undefined {
  const view = new DataView(parcel.buffer, parcel.byteOffset, parcel.byteLength);
  const envelopes: Uint8Array[] = [];
  for (let offset = 0; offset < parcel.length; ) {
    if (envelopes.length === envelopesMax || offset + LENGTH_BYTES > parcel.length) return undefined;
    const begin = offset + LENGTH_BYTES;
    offset = begin + view.getUint32(offset);
    if (offset > parcel.length) return undefined;
    envelopes.push(parcel.subarray(begin, offset));
  }
  return envelopes.length > 0 ? envelopes : undefined;
}

export interface ParcelLimits {
  readonly envelopesMax: number;
  /** Bytes of envelopes after which a parcel leaves; a larger envelope travels alone. */
  readonly bytesMax: number;
  /** Milliseconds from one parcel to the next, at least and at most. */
  readonly windowMsMin: number;
  readonly windowMsMax: number;
  /** What each envelope of a parcel adds to the milliseconds until the next. */
  readonly windowMsPerEnvelope: number;
}

export interface Gathering {
  add(envelope: Uint8Array): void;
  stop(): void;
}

export function gathering(clock: Clock, limits: ParcelLimits, send: (parcel: Uint8Array) => void): Gathering {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  let dueMs = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    if (waiting.length === 0) return;
    const envelopes = waiting;
    waiting = [];
    bytes = 0;
    const windowMs = Math.max(limits.windowMsMin, envelopes.length * limits.windowMsPerEnvelope);
    dueMs = clock.monotonicMs() + Math.min(windowMs, limits.windowMsMax);
    send(encodeParcel(envelopes));
  };
  return {
    add(envelope) {
      if (bytes + envelope.length > limits.bytesMax) flush();
      waiting.push(envelope);
      bytes += envelope.length;
      if (waiting.length >= limits.envelopesMax || bytes >= limits.bytesMax || clock.monotonicMs() >= dueMs) flush();
      else cancel ??= clock.at(dueMs, flush);
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
