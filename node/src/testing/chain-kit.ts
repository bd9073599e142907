/**
 * Test-only: fixed identities, a development genesis, and a chain of one machine that executes blocks as a test hands
 * them over. No consensus, no network, no clock: time is what the test says.
 */
import { utf8Bytes } from '../protocol/bytes.ts';
import type { CallArgs, CallType } from '../protocol/calls.ts';
import { canonicalText } from '../protocol/canonical.ts';
import { signAsValidator, validatorKeyOf } from '../protocol/crypto/validator.ts';
import { nobleVerifier } from '../protocol/crypto/verifier.ts';
import { type Wallet, walletOf } from '../protocol/crypto/wallet.ts';
import { intrinsicGas } from '../protocol/gas.ts';
import type { Genesis, Params } from '../protocol/genesis.ts';
import { evidenceHash } from '../protocol/hashing.ts';
import type { AccountRecord } from '../protocol/records.ts';
import { ROLE_TITLES, ROLES, type Role } from '../protocol/roles.ts';
import type { Amount, Hash, Hex, Receipt, Transaction, UnsignedTransaction, ValidatorKey } from '../protocol/types.ts';
import type { BlockContext } from '../vm/context.ts';
import { epochOf } from '../vm/contracts/staking/validators.ts';
import { type ExecutionResult, execute } from '../vm/execute.ts';
import { genesisState } from '../vm/genesis.ts';
import type { State } from '../vm/state/state.ts';

export interface TestAgent {
  readonly role: Role;
  readonly name: string;
  readonly wallet: Wallet;
  readonly validatorKey: ValidatorKey;
  readonly signAsValidator: (message: Uint8Array) => Hex;
}

/** 32 bytes that end in the number: valid for both kinds of keys, and worth nothing. */
export function testSecret(number: number): Uint8Array {
  const secret = new Uint8Array(32);
  new DataView(secret.buffer).setUint32(28, number);
  return secret;
}

/** The seven agents in the order of the ring, from the secrets 1 to 7. */
export const testAgents: readonly TestAgent[] = ROLES.map((role, index) => {
  const secret = testSecret(index + 1);
  return {
    role,
    name: `${ROLE_TITLES[role].tag} ${ROLE_TITLES[role].title}`,
    wallet: walletOf(secret),
    validatorKey: validatorKeyOf(secret),
    signAsValidator: (message) => signAsValidator(secret, message),
  };
});

export function testAgent(role: Role): TestAgent {
  const agent = testAgents.find((candidate) => candidate.role === role);
  if (!agent) throw new Error(`no agent for ${role}`);
  return agent;
}

export const testParams: Params = {
  gasPrice: 1,
  gasLimitMin: 200,
  alpha: 500,
  beta: 500,
  votingMode: 'sealed',
  commitWindowMs: 10_000,
  revealWindowMs: 10_000,
  stepDeadlineMs: 15_000,
  challengeWindowMs: 60_000,
  roundsMax: 3,
  proposalStakeMin: 100,
  voteStakeMin: 20,
  rewards: {
    proposer: 800,
    bounty: 1_000,
    proposerReputation: 5,
    supporter: 300,
    supporterReputation: 1,
    voteGasRebate: 700,
  },
  penalties: {
    opponent: 50,
    opponentReputation: 1,
    rejectedProposer: 300,
    rejectedProposerReputation: 5,
    rejectedSupporter: 100,
    rejectedSupporterReputation: 1,
  },
  staking: {
    bondMin: 1_000,
    validatorsMin: 4,
    unbondDelayMs: 120_000,
    evidenceAgeMs: 60_000,
    slashShare: 500,
    reporterShare: 100,
    proposerGasShare: 0,
  },
  heartbeatMs: 5_000,
  incidentHeartbeatMs: 500,
  confidence: { proposalStakeMax: 2_000, voteStakeMax: 500, bonusShare: 250, lossShare: 1_000 },
  falsification: {
    supporterLoss: 500,
    toChallenger: 1_000,
    failedBondTo: 'treasury',
    proposerReputation: 10,
    supporterReputation: 2,
    challengerReputation: 5,
    failedChallengerReputation: 5,
    outcomeReportsMin: 2,
  },
  work: { stepReward: 100, gasRebateMax: 400, epochBudget: 100_000 },
  government: { motionWindowMs: 30_000, epochSpending: 10_000 },
  reboot: { cooldownMs: 600_000 },
};

export interface GenesisOverrides extends Partial<Omit<Genesis, 'params' | 'agents'>> {
  readonly params?: Partial<Params>;
  /** Changes to the accounts of single roles. */
  readonly accounts?: Partial<
    Record<Role, Partial<Pick<Genesis['agents'][number], 'balance' | 'stake' | 'reputation'>>>
  >;
}

/** Seven agents, each owner of one validator, with the report's balances, reputation and treasury. */
export function developmentGenesis({ params, accounts, ...rest }: GenesisOverrides = {}): Genesis {
  return {
    version: 1,
    chainId: 'dao-gov-test',
    network: 'development',
    timestampMs: 1_700_000_000_000,
    epochBlocks: 1_000,
    treasury: 200_000,
    agents: testAgents.map(({ role, name, wallet }) => ({
      role,
      name,
      address: wallet.address,
      publicKey: wallet.publicKey,
      balance: 20_000,
      stake: 400,
      reputation: 80,
      ...accounts?.[role],
    })),
    validators: testAgents.map(({ validatorKey, wallet, name }) => ({
      key: validatorKey,
      owner: wallet.address,
      name,
      bond: 10_000,
    })),
    params: { ...testParams, ...params },
    ...rest,
  };
}

/** Hash of a blob that says only this. */
export const testEvidence = (text: string): Hash => evidenceHash(utf8Bytes(text));

export interface CallOptions {
  readonly evidence?: readonly Hash[];
  readonly gasLimit?: Amount;
  readonly gasPrice?: Amount;
  readonly nonce?: number;
}

export interface TestChainOptions {
  /** Sign transactions; execution does not look at signatures, and signing costs most of a test's time. */
  readonly signed?: boolean;
}

const UNSIGNED: Hex = '0'.repeat(128);

/** One machine's chain. Every block comes `afterMs` (default one second) after the one before it. */
export class TestChain {
  readonly genesis: Genesis;
  state: State;
  height = 0;
  timestampMs: number;
  readonly #signed: boolean;
  /** Nonces handed out since the last block, by address. */
  readonly #nonces = new Map<string, number>();

  constructor(genesis: Genesis = developmentGenesis(), options: TestChainOptions = {}) {
    this.genesis = genesis;
    this.state = genesisState(genesis);
    this.timestampMs = genesis.timestampMs;
    this.#signed = options.signed ?? true;
  }

  /** The account of a role's agent, or of an address. */
  account(of: Role | string): AccountRecord {
    const address = testAgents.find(({ role }) => role === of)?.wallet.address ?? of;
    const account = this.state.get('account', address);
    if (!account) throw new Error(`no account ${of}`);
    return account;
  }

  /** A transaction of an agent with its next nonce and just enough gas. */
  transaction<T extends CallType>(role: Role, type: T, args: CallArgs[T], options: CallOptions = {}): Transaction {
    return this.transactionOf(testAgent(role).wallet, type, args, options);
  }

  /** The same for any wallet. */
  transactionOf<T extends CallType>(
    wallet: Wallet,
    type: T,
    args: CallArgs[T],
    options: CallOptions = {},
  ): Transaction {
    const { address: sender, publicKey } = wallet;
    const nonce = options.nonce ?? this.#nonces.get(sender) ?? this.state.get('account', sender)?.nonce ?? 0;
    this.#nonces.set(sender, nonce + 1);
    const call = { type, args: canonicalText(args), evidence: options.evidence ?? [] };
    const unsigned: UnsignedTransaction = {
      ...call,
      chainId: this.genesis.chainId,
      sender,
      publicKey,
      nonce,
      gasPrice: options.gasPrice ?? this.genesis.params.gasPrice,
      gasLimit: options.gasLimit ?? intrinsicGas(call),
    };
    return this.#signed ? wallet.sign(unsigned) : { ...unsigned, signature: UNSIGNED };
  }

  /** What the next block is executed in. */
  context(afterMs = 1_000): BlockContext {
    return {
      chainId: this.genesis.chainId,
      height: this.height + 1,
      timestampMs: this.timestampMs + afterMs,
      epoch: epochOf(this.state).epoch,
      proposer: testAgents[0]?.validatorKey ?? '',
      verifier: nobleVerifier,
    };
  }

  /** Executes the next block and moves on to it. */
  block(transactions: readonly Transaction[] = [], afterMs = 1_000): ExecutionResult {
    const context = this.context(afterMs);
    return this.adopt(context, execute(this.state, context, transactions));
  }

  /** Moves on to a block that was executed elsewhere, such as by `buildBlock`. */
  adopt(context: BlockContext, result: ExecutionResult): ExecutionResult {
    this.state = result.state;
    this.height = context.height;
    this.timestampMs = context.timestampMs;
    this.#nonces.clear();
    return result;
  }

  /** One call in a block of its own. @returns its receipt */
  call<T extends CallType>(role: Role, type: T, args: CallArgs[T], options: CallOptions = {}): Receipt {
    const [receipt] = this.block([this.transaction(role, type, args, options)]).receipts;
    if (!receipt) throw new Error('a block without the receipt of its transaction');
    return receipt;
  }
}
