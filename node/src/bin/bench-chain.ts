/**
 * A long chain for measuring sync, without waiting for consensus. `build` executes blocks of transfers, certifies each
 * with the keys of a quorum, and writes them into the stores of some nodes of a network that does not run yet.
 * `execute` tells how long execution alone takes for the same blocks: the floor of any sync.
 * Usage: bench-chain build|execute SETUP-JSON; the result is one JSON object on standard output.
 */
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readSigned } from '../host/signed-before.ts';
import type { ChainStore, FinalBlock, ValidatorSigner } from '../ports/index.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { Wallet } from '../protocol/crypto/wallet.ts';
import { headerHash, validatorSetHash, voteSigningRoot } from '../protocol/hashing.ts';
import { quorumPower } from '../protocol/power.ts';
import type { Block, Certificate, Header, Transaction, ValidatorSet } from '../protocol/types.ts';
import { openFileLog, openLevelStore } from '../storage/index.ts';
import {
  buildBlock,
  type ExecutionResult,
  execute,
  genesisHeader,
  genesisState,
  parseGenesis,
  type State,
  validatorSetOf,
} from '../vm/index.ts';
import { readJson, readSecret } from './config.ts';
import { nativeSigner, nativeVerifier, nativeWallet } from './native-crypto.ts';
import { useNativeHashing } from './native-hashing.ts';

const setupSchema = z.strictObject({
  /** Folder of the network's files. */
  directory: z.string(),
  /** Folders of the chain's stores; `execute` reads the first. */
  stores: z.array(z.string()).min(1),
  validators: z.number().int(),
  blocks: z.number().int(),
  /** Transfers in each block. */
  transactions: z.number().int(),
});
type Setup = z.infer<typeof setupSchema>;

/** Blocks that one batch writes, or that are decoded before their execution is timed. */
const BATCH_BLOCKS = 250;
/** A heartbeat apart, as on a quiet network. */
const BLOCK_MS = 5_000;
const TRANSFER_GAS = 200;

class ChainBuilder {
  private readonly chainId: string;
  private readonly signers: ReadonlyMap<string, ValidatorSigner>;
  private readonly wallets: readonly Wallet[];
  private readonly nonces: number[];
  private parent: Header;
  private state: State;
  private turn = 0;

  constructor({ directory, validators }: Setup) {
    const genesis = parseGenesis(readJson(join(directory, 'genesis.json')));
    const folders = Array.from({ length: validators }, (_, index) => join(directory, `node-${index + 1}`));
    const signers = folders.map((folder) => nativeSigner(readSecret(join(folder, 'validator.key'))));
    this.chainId = genesis.chainId;
    this.signers = new Map(signers.map((signer) => [signer.key, signer]));
    this.wallets = folders
      .slice(0, genesis.agents.length)
      .map((folder) => nativeWallet(readSecret(join(folder, 'wallet.key'))));
    this.nonces = this.wallets.map(() => 0);
    this.parent = genesisHeader(genesis);
    this.state = genesisState(genesis);
  }

  get genesis(): { readonly header: Header; readonly state: State } {
    return { header: this.parent, state: this.state };
  }

  private transfer(): Transaction {
    this.turn = (this.turn + 1) % this.wallets.length;
    const from = this.wallets[this.turn] as Wallet; // within, by the modulus; so are the other two
    const to = this.wallets[(this.turn + 1) % this.wallets.length] as Wallet;
    const nonce = this.nonces[this.turn] as number;
    this.nonces[this.turn] = nonce + 1;
    return from.sign({
      chainId: this.chainId,
      type: 'transfer',
      sender: from.address,
      publicKey: from.publicKey,
      nonce,
      gasPrice: 1,
      gasLimit: TRANSFER_GAS,
      args: canonicalText({ to: to.address, amount: 1 }),
      evidence: [],
    });
  }

  /** A finalization by the fewest validators that are a quorum. */
  private certify(header: Header, { epoch, validators }: ValidatorSet): Certificate {
    const statement = { kind: 'finalize', epoch, view: header.view, block: headerHash(header) } as const;
    const message = voteSigningRoot(this.chainId, statement);
    const total = validators.reduce((sum, { power }) => sum + power, 0);
    const signers: number[] = [];
    const signatures: string[] = [];
    let power = 0;
    for (const [index, validator] of validators.entries()) {
      const signer = this.signers.get(validator.key);
      if (!signer || power >= quorumPower(total)) continue;
      power += validator.power;
      signers.push(index);
      signatures.push(signer.sign(message));
    }
    return { ...statement, signers, signatures };
  }

  next(transactions: number): FinalBlock {
    const set = validatorSetOf(this.state);
    const height = this.parent.height + 1;
    const proposer = set.validators[height % set.validators.length]?.key ?? '';
    const timestampMs = this.parent.timestampMs + BLOCK_MS;
    const context = {
      ...{ chainId: this.chainId, height, timestampMs, epoch: set.epoch, proposer },
      verifier: nativeVerifier,
    };
    const candidates = Array.from({ length: transactions }, () => this.transfer());
    const built = buildBlock(this.state, context, candidates);
    if (built.transactions.length !== transactions) throw new Error(`block ${height} refused a transfer`);
    const header = headerOf(context, this.parent, built.result, set);
    this.parent = header;
    this.state = built.result.state;
    return {
      block: { header, transactions: built.transactions },
      hash: headerHash(header),
      receipts: built.result.receipts,
      stateChanges: built.result.changes,
      finality: { descendants: [], certificate: this.certify(header, set) },
    };
  }
}

function headerOf(
  { height, epoch, timestampMs, proposer }: Pick<Header, 'height' | 'epoch' | 'timestampMs' | 'proposer'>,
  parent: Header,
  { transactionsRoot, receiptsRoot, stateRoot, evidenceRoot }: ExecutionResult,
  set: ValidatorSet,
): Header {
  return {
    ...{ height, epoch, timestampMs, proposer },
    view: parent.view + 1,
    parentHash: headerHash(parent),
    ...{ transactionsRoot, receiptsRoot, stateRoot, evidenceRoot },
    validatorSetHash: validatorSetHash(set),
  };
}

const logBeside = (store: string): string => join(dirname(store), 'consensus.log');

async function build(setup: Setup): Promise<Record<string, never>> {
  const [first = '', ...copies] = setup.stores;
  mkdirSync(dirname(first), { recursive: true });
  const builder = new ChainBuilder(setup);
  const store = await openLevelStore(first);
  const { header, state } = builder.genesis;
  // A chain without a log is one whose log was lost: these nodes have signed nothing, and the log says so.
  const log = await openFileLog(logBeside(first));
  await readSigned(log, store, headerHash(header));
  await log.close();
  await store.initialise(headerHash(header), new Map(state.entries('')));
  for (let built = 0; built < setup.blocks; built += BATCH_BLOCKS) {
    const count = Math.min(BATCH_BLOCKS, setup.blocks - built);
    await store.commit(Array.from({ length: count }, () => builder.next(setup.transactions)));
  }
  await store.close();
  for (const copy of copies) {
    cpSync(first, copy, { recursive: true });
    cpSync(logBeside(first), logBeside(copy));
  }
  return {};
}

async function readBlocks(store: ChainStore, from: number, count: number): Promise<readonly Block[]> {
  const stored = await Promise.all(Array.from({ length: count }, (_, index) => store.blockAt(from + index)));
  return stored.flatMap((one) => (one ? [one.block] : []));
}

interface ExecutionTime {
  readonly executionMs: number;
  /** Of the processor, which differs where others use it too. */
  readonly cpuMs: number;
}

/** What execution takes, with the state's root compared; decoding and disk are left out. */
async function executeAll({ directory, stores, blocks }: Setup): Promise<ExecutionTime> {
  const genesis = parseGenesis(readJson(join(directory, 'genesis.json')));
  const store = await openLevelStore(stores[0] ?? '');
  let state = genesisState(genesis);
  let executionMs = 0;
  let cpuMs = 0;
  for (let done = 0; done < blocks; done += BATCH_BLOCKS) {
    const batch = await readBlocks(store, done + 1, Math.min(BATCH_BLOCKS, blocks - done));
    const begun = performance.now();
    const cpuBegun = process.cpuUsage();
    for (const { header, transactions } of batch) {
      const result = execute(state, { ...header, chainId: genesis.chainId, verifier: nativeVerifier }, transactions);
      if (result.stateRoot !== header.stateRoot) throw new Error(`block ${header.height} gives another state`);
      state = result.state;
    }
    executionMs += performance.now() - begun;
    const { user, system } = process.cpuUsage(cpuBegun);
    cpuMs += (user + system) / 1_000;
  }
  await store.close();
  return { executionMs, cpuMs };
}

await useNativeHashing();
const setup = setupSchema.parse(JSON.parse(process.argv[3] ?? ''));
const result = process.argv[2] === 'build' ? await build(setup) : await executeAll(setup);
process.stdout.write(`${JSON.stringify(result)}\n`);
