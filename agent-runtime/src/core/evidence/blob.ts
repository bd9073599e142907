/** A document becomes a blob: canonical JSON, checked against its schema before anybody signs its hash. */
import {
  canonicalBytes,
  DecodeError,
  EVIDENCE_BLOB_BYTES_MAX,
  type Evidence,
  evidenceSchema,
  parseCanonical,
} from '@dao-gov/node/protocol';

/** @throws Error when the document breaks its schema or is too large: a bug of the agent, never of its data */
export function blobOf(document: Evidence): Uint8Array {
  const bytes = canonicalBytes(evidenceSchema.parse(document));
  if (bytes.length > EVIDENCE_BLOB_BYTES_MAX) throw new Error(`${document.kind} of ${bytes.length} bytes`);
  return bytes;
}

/** The document behind a blob of any agent; undefined when it is none that this project knows. */
export function documentOf(blob: Uint8Array): Evidence | undefined {
  try {
    const parsed = evidenceSchema.safeParse(parseCanonical(blob));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
