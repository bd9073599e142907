/** The audit: builds the bundle of an incident, and verifies one with nothing but the genesis file. */
export { fromBase64, toBase64 } from './base64.ts';
export { buildBundle, encodeBundle } from './build.ts';
export {
  type AuditBundle,
  BUNDLE_VERSION,
  type BundleValidatorSet,
  bundleSchema,
  type Verdict,
  type VerdictBallot,
  type VerdictClaim,
  type VerdictMovement,
  type VerdictParty,
  verdictSchema,
} from './bundle.ts';
export { BUNDLE_BYTES_MAX } from './constants.ts';
export { AuditError, type AuditErrorCode } from './errors.ts';
export { genesisBlockHashOf, genesisHeaderOf } from './genesis-block.ts';
export type { AuditBlock, AuditSource } from './source.ts';
export { AUDIT_STEPS, type AuditReport, type AuditStep, type AuditStepResult, verifyBundle } from './verify.ts';
