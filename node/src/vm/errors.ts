/** Errors of the virtual machine. Only a `ContractError` becomes a receipt; every other one stops the block. */
import type { AdmissionCode, FailureCode } from '../protocol/errors.ts';

/** A transaction that fails: rolled back, paid for, and explained on chain. `detail` is one sentence for people. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code: FailureCode;
  readonly detail: string;

  constructor(code: FailureCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** States a precondition of a contract. @throws ContractError when it does not hold */
export function ensure(condition: boolean, code: FailureCode, detail: string): asserts condition {
  if (!condition) throw new ContractError(code, detail);
}

/** A block that holds a transaction which must not be in it. `index` is the transaction's place. */
export class InvalidBlockError extends Error {
  override readonly name = 'InvalidBlockError';
  readonly code: AdmissionCode;
  readonly index: number;

  constructor(code: AdmissionCode, index: number, detail: string) {
    super(`transaction ${index}: ${detail}`);
    this.code = code;
    this.index = index;
  }
}

export type GenesisErrorCode =
  | 'GENESIS_MALFORMED'
  | 'ADDRESS_MISMATCH'
  | 'DUPLICATE_ADDRESS'
  | 'DUPLICATE_ROLE'
  | 'DUPLICATE_VALIDATOR_KEY'
  | 'OWNER_UNKNOWN'
  | 'SUPPLY_OVERFLOW';

/** A genesis file that no chain can start from. `where` is the path of the field. */
export class GenesisError extends Error {
  override readonly name = 'GenesisError';
  readonly code: GenesisErrorCode;
  readonly where: string;

  constructor(code: GenesisErrorCode, where: string, detail: string) {
    super(`${code} at ${where}: ${detail}`);
    this.code = code;
    this.where = where;
  }
}

/** The machine itself is wrong: tokens came or went, or a record that always exists does not. Never a receipt. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}
