import type { Hex, ValidatorKey } from '../protocol/types.ts';

/** The validator's key as the host may use it: it signs, and never shows itself. */
export interface ValidatorSigner {
  readonly key: ValidatorKey;
  /** ed25519 (RFC 8032) over the message itself. */
  sign(message: Uint8Array): Hex;
}
