/** The first two steps: the bundle reads, and it is about the chain of the verifier's own genesis file. */
import { bytesEqual, utf8Bytes } from '../../bytes.ts';
import { canonicalBytes, parseCanonical } from '../../canonical.ts';
import { type Genesis, genesisSchema } from '../../genesis.ts';
import { genesisHash } from '../../hashing.ts';
import { type AuditBundle, BUNDLE_VERSION, bundleSchema } from '../bundle.ts';
import { BUNDLE_BYTES_MAX } from '../constants.ts';
import { check } from '../errors.ts';

const bytesOf = (text: string | Uint8Array): Uint8Array => (typeof text === 'string' ? utf8Bytes(text) : text);

function firstIssue(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  const [issue] = issues;
  return `${issue?.path.map(String).join('.') || 'it'}: ${issue?.message ?? 'is not accepted'}`;
}

/** @throws CheckError, DecodeError */
export function parseBundle(text: string | Uint8Array): AuditBundle {
  const bytes = bytesOf(text);
  check(bytes.length <= BUNDLE_BYTES_MAX, `the file has more than ${BUNDLE_BYTES_MAX} bytes`);
  const value = parseCanonical(bytes);
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  check(version === BUNDLE_VERSION, `the file is no bundle of version ${BUNDLE_VERSION}`);
  const parsed = bundleSchema.safeParse(value);
  check(parsed.success, parsed.success ? '' : firstIssue(parsed.error.issues));
  // Whatever the schema might pass over would be a byte that no check looks at.
  check(bytesEqual(canonicalBytes(parsed.data), bytes), 'the file holds something that a bundle does not have');
  return parsed.data;
}

/** The genesis file is the verifier's own: any JSON spelling of it will do. @throws CheckError */
export function parseGenesisFile(text: string | Uint8Array): Genesis {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let value: unknown;
  try {
    value = JSON.parse(typeof text === 'string' ? text : decoder.decode(text));
  } catch {
    check(false, 'the genesis file is not JSON');
  }
  const parsed = genesisSchema.safeParse(value);
  check(parsed.success, parsed.success ? '' : `the genesis file is not accepted: ${firstIssue(parsed.error.issues)}`);
  return parsed.data;
}

/** @throws CheckError when the bundle is of another chain than the genesis file */
export function checkGenesis(bundle: AuditBundle, genesis: Genesis): void {
  check(bundle.chainId === genesis.chainId, `the bundle is of chain ${bundle.chainId}, the file of ${genesis.chainId}`);
  const hash = genesisHash(genesis);
  check(bundle.genesisHash === hash, `the bundle is of genesis ${bundle.genesisHash}, the file is ${hash}`);
}
