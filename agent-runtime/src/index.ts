/**
 * The agent runtime: an agent is a role, a wallet, a ledger, an analyst and a reasoner. This file is what a process
 * wires together (`bin/`), and what scripts measure.
 */
export { AGENT_ROLES, type AgentRole } from './agents/index.ts';
export { type Agent, type AgentDependencies, startAgent } from './core/agent.ts';
export { type Analyst, inlineAnalyst } from './core/analyst.ts';
export { AlertError, AnalystError, type AnalystErrorCode } from './core/errors.ts';
export { DaoExecutor } from './core/executor.ts';
export type { Intent, Outcome } from './core/intent.ts';
export { type AgentPolicy, DEFAULT_POLICY, readAgentPolicy } from './core/policy.ts';
export { type AgentClock, type AgentSink, silentSink } from './core/ports.ts';
export { type AgentWallet, agentWallet } from './core/wallet.ts';
export { type WorkerAnalystOptions, workerAnalyst } from './core/worker-analyst.ts';
export {
  type ChainTip,
  type FinalReceipt,
  type Ledger,
  type LedgerClient,
  LedgerError,
  type LocalNode,
  localLedger,
  remoteLedger,
} from './ledger/index.ts';
export {
  builtinReasoner,
  createReasoner,
  isModelConfigured,
  type OpenaiSettings,
  type Reasoner,
  type ReasonerConfig,
  reasonerConfigOf,
} from './reasoners/index.ts';
