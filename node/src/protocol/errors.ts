/**
 * Reasons as codes. A code is part of the protocol: it stands in receipts (hashed), in HTTP problems and in the
 * explorer's message catalogue. Codes are added, never renamed.
 */

/** Why a transaction was not admitted to the pool, or made its block invalid. It never reaches the chain. */
export const ADMISSION_CODES = [
  'TX_MALFORMED',
  'TX_TOO_LARGE',
  'TX_WRONG_CHAIN',
  'TX_UNKNOWN_TYPE',
  'TX_BAD_ARGS',
  'TX_BAD_SIGNATURE',
  'TX_SENDER_MISMATCH',
  'TX_NONCE_USED',
  'TX_NONCE_GAP',
  'TX_NONCE_TAKEN',
  'TX_GAS_PRICE_TOO_LOW',
  'TX_GAS_LIMIT_TOO_LOW',
  'TX_CANNOT_PAY_GAS',
  'TX_EVIDENCE_MISSING',
  'TX_EVIDENCE_MISMATCH',
  'TX_KNOWN',
  'MEMPOOL_FULL',
  'MEMPOOL_SENDER_FULL',
] as const;
export type AdmissionCode = (typeof ADMISSION_CODES)[number];

/** Why a call of the staking contract failed. */
export const STAKING_CODES = [
  'VALIDATOR_UNKNOWN',
  'VALIDATOR_NOT_YOURS',
  'VALIDATOR_JAILED',
  'VALIDATOR_KEY_UNPROVEN',
  'VALIDATORS_FULL',
  'VALIDATORS_TOO_FEW',
  'BOND_BELOW_MINIMUM',
  'INSUFFICIENT_BOND',
  'UNBONDINGS_FULL',
  'EQUIVOCATION_NONE',
  'EQUIVOCATION_UNSIGNED',
  'EQUIVOCATION_TOO_OLD',
  'EQUIVOCATION_EPOCH_UNKNOWN',
  'EQUIVOCATION_PUNISHED',
] as const;

/** Why an executed transaction failed. It is on chain, paid its gas, and changed nothing else. */
export const FAILURE_CODES = [
  'OUT_OF_GAS',
  'INSUFFICIENT_BALANCE',
  'INSUFFICIENT_STAKE',
  'STAKE_BELOW_MINIMUM',
  'AMOUNT_OVERFLOW',
  'SELF_TRANSFER',
  'SYSTEM_ACCOUNT',
  'NOT_AN_AGENT',
  'NOT_YOUR_ROLE',
  'EVIDENCE_REQUIRED',
  'ALERT_UNKNOWN',
  'ALERT_DUPLICATE',
  'ALERT_TRIAGED',
  'INCIDENT_UNKNOWN',
  'INCIDENT_CLOSED',
  'STEP_ALREADY_DONE',
  'STEP_OUT_OF_ORDER',
  'NO_TASKS_SCHEDULED',
  'NO_DATA_COLLECTED',
  'NO_DEPENDENCY_GRAPH',
  'NO_FAULT_ASSESSMENT',
  'NO_CONSENSUS',
  'NO_FAULT_WEB',
  'NO_PROPOSAL',
  'PROPOSAL_OPEN',
  'PROPOSAL_REPEATED',
  'CITES_UNKNOWN_EVIDENCE',
  'VOTING_CLOSED',
  'VOTE_OWN_PROPOSAL',
  'VOTE_DUPLICATE',
  'VOTE_NOT_ELIGIBLE',
  'VOTE_WRONG_PHASE',
  'VOTE_WRONG_MODE',
  'REVEAL_WITHOUT_COMMIT',
  'REVEAL_MISMATCH',
  'REVEAL_DUPLICATE',
  ...STAKING_CODES,
  'STAKE_ABOVE_MAXIMUM',
  'CHALLENGE_WINDOW_NOT_OPEN',
  'CHALLENGE_WINDOW_CLOSED',
  'CHALLENGE_OPEN',
  'CHALLENGE_OWN_CLAIM',
  'CHALLENGE_SUPPORTED_CLAIM',
  'CHALLENGE_BOND_UNEQUAL',
  'EVIDENCE_NOT_NEW',
  'VOTE_OWN_CHALLENGE',
  'OUTCOME_OWN_CLAIM',
  'OUTCOME_REPORTED',
  'MOTION_OPEN',
  'PARAMETER_UNKNOWN',
  'PARAMETER_OUT_OF_BOUNDS',
  'PARAMETERS_INCONSISTENT',
  'SPENDING_ABOVE_CAP',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** Codes that only the HTTP boundary knows. */
export const HTTP_CODES = [
  'NOT_FOUND',
  'BAD_REQUEST',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNAUTHORIZED',
  'FORBIDDEN_ORIGIN',
  'FORBIDDEN_NETWORK',
  'RATE_LIMITED',
  'TOO_MANY_STREAMS',
  'METHOD_NOT_ALLOWED',
  'NOT_READY',
  'INTERNAL',
] as const;
export type HttpCode = (typeof HTTP_CODES)[number];

export type ErrorCode = AdmissionCode | FailureCode | HttpCode;

/** A transaction that may not enter a pool or a block. */
export class AdmissionError extends Error {
  override readonly name = 'AdmissionError';
  readonly code: AdmissionCode;

  constructor(code: AdmissionCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

/** Bytes or JSON that do not follow the protocol. `where` names the field or the structure. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly where: string;

  constructor(where: string, detail: string) {
    super(`${where}: ${detail}`);
    this.where = where;
  }
}
