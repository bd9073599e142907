import type { ChainStore, Clock, Network, TelemetrySink, ValidatorSigner, WriteAheadLog } from '../ports/index.ts';
import type { Verifier } from '../protocol/crypto/verifier.ts';
import type { Wallet } from '../protocol/crypto/wallet.ts';
import type { Genesis } from '../protocol/genesis.ts';
import type { ConsensusTiming } from './constants.ts';

/** What a composition root hands to a node. The node owns store, log and network from then on. */
export interface NodeDependencies {
  readonly genesis: Genesis;
  readonly name: string;
  readonly store: ChainStore;
  readonly log: WriteAheadLog;
  readonly network: Network;
  readonly clock: Clock;
  readonly signer: ValidatorSigner;
  readonly verifier: Verifier;
  readonly telemetry: TelemetrySink;
  readonly timing: ConsensusTiming;
  /** Account that reports equivocation and pays for it; without one the node only tells the others. */
  readonly reporter?: Wallet;
  /** Final blocks between two compactions of the log, when not the usual number. */
  readonly logCompactionBlocks?: number;
  /** The node cannot go on (its disk failed, or its own execution contradicts a quorum): end the process. */
  readonly onFatal: (error: unknown) => void;
}
