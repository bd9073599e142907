/** Offline verification of an audit bundle on disk against the verifier's own genesis file. */
import { readFile } from 'node:fs/promises';
import { type AuditReport, verifyBundle } from '@dao-gov/node/audit';
import { nativeVerifier, useNativeHashing } from '@dao-gov/node/native';

/** A file that cannot be read: nothing was verified, neither for nor against the bundle. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

async function contentOf(what: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UnreadableFileError(`cannot read the ${what} ${path} (${reason})`);
  }
}

export interface TimedReport extends AuditReport {
  /** What the verification took on this machine, without reading the files. */
  readonly seconds: number;
}

/**
 * Verifies the bundle byte for byte: by the browser's code, with signatures and hashes in native code where there is
 * some for this machine, held to the same answers (`node/src/bin/native-crypto.test.ts`, `native-hashing.test.ts`).
 * @throws UnreadableFileError; a bundle that does not hold is a report, not an error
 */
export async function verifyFile(bundlePath: string, genesisPath: string): Promise<TimedReport> {
  const bundle = await contentOf('bundle', bundlePath);
  const genesis = await contentOf('genesis file', genesisPath);
  await useNativeHashing();
  const begun = performance.now();
  const report = verifyBundle(bundle, genesis, nativeVerifier);
  return { ...report, seconds: Math.round(performance.now() - begun) / 1_000 };
}
