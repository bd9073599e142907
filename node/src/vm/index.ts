/**
 * The virtual machine: `execute(parent, context, transactions)` and what leads up to it. Pure and deterministic; it
 * knows no clock, no randomness and no other room but the protocol.
 */
export {
  type AccountCheckOptions,
  checkAgainstAccount,
  checkStateless,
  type DecodedCall,
  decodeCall,
} from './admission.ts';
export { type BuiltBlock, buildBlock } from './build.ts';
export type { BlockContext } from './context.ts';
export type {
  ContractEvents,
  EscrowReason,
  EventName,
  InconclusiveReason,
  LockReason,
  OutcomeReason,
} from './contracts/events.ts';
export { proposalIdOf } from './contracts/governance/open-proposal.ts';
export { alertIdOf } from './contracts/sop/raise-alert.ts';
export { epochOf, setChangeAfter, validatorSetOf } from './contracts/staking/validators.ts';
export {
  ContractError,
  GenesisError,
  type GenesisErrorCode,
  InvalidBlockError,
  InvariantError,
} from './errors.ts';
export { type ExecutionResult, emptyResult, execute } from './execute.ts';
export { checkGenesis, genesisBlockHash, genesisHeader, genesisState, parseGenesis } from './genesis.ts';
export { assertConserved } from './state/conservation.ts';
export { type RecordId, type RecordKind, State, stateOf } from './state/state.ts';
