/** Why no bundle can be built. Verification has no errors: it names the step that failed. */
export type AuditErrorCode = 'INCIDENT_UNKNOWN' | 'BLOCK_MISSING' | 'EVIDENCE_MISSING' | 'EPOCH_UNPROVEN' | 'TOO_LARGE';

export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

/** A check of a bundle that does not hold; `verifyBundle` turns it into the result of its step. */
export class CheckError extends Error {
  override readonly name = 'CheckError';
}

/** States what must hold of a bundle. @throws CheckError when it does not */
export function check(holds: boolean, detail: string): asserts holds {
  if (!holds) throw new CheckError(detail);
}
