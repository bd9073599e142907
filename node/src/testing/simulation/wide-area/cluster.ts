/** Whole nodes in several regions: the real host, consensus, mempool and execution on simulated time, links and disks. */
import { ChainNode, WIDE_AREA_TIMING } from '../../../host/index.ts';
import type { StoredBlock, TelemetrySink } from '../../../ports/index.ts';
import { silentTelemetry } from '../../../ports/index.ts';
import { canonicalText } from '../../../protocol/canonical.ts';
import { validatorKeyOf } from '../../../protocol/crypto/validator.ts';
import type { Genesis } from '../../../protocol/genesis.ts';
import type { Hash } from '../../../protocol/types.ts';
import { developmentGenesis, testAgents, testSecret } from '../../chain-kit.ts';
import { memoryHub } from '../../memory-network.ts';
import { seededRandom } from '../../random.ts';
import { cheaplySigned, cheapSignature, cheapVerifier } from '../cheap-keys.ts';
import { SimulatedDisk } from '../simulated-disk.ts';
import { SimulatedTime } from '../simulated-time.ts';
import { type Links, wideLinks } from './links.ts';
import { delayMatrix } from './regions.ts';

/** Longest synced write, in milliseconds, uniform from 0: a solid-state disk of a cloud machine. */
const DISK_MS_MAX = 2;
/** The validators' keys come from the numbers after this one; the agents' wallets from those before. */
const KEYS_FROM = 100;
/** Tokens of a wallet: no run ends for want of gas. */
const BALANCE = 1_000_000_000;
const MACHINE = { clockRate: 1, clockOffsetMs: 0, diskMsMax: DISK_MS_MAX } as const;

export interface WideCluster {
  readonly time: SimulatedTime;
  readonly links: Links;
  readonly nodes: readonly ChainNode[];
  /** Wallets that hand in transfers. Each stands beside a node. */
  readonly wallets: number;
  /** Hands in the wallet's next transfer at its node. */
  submit(wallet: number): Promise<Hash>;
  stop(): Promise<void>;
}

export interface WideHands {
  /** A proposer measured its own block, in milliseconds from the start of building to the synced commit. */
  readonly onFinalityMs: (ms: number) => void;
  /** A node committed a block. */
  readonly onFinal: (node: number, block: StoredBlock) => void;
}

function genesisOf(validators: number): Genesis {
  const balances = Object.fromEntries(testAgents.map(({ role }) => [role, { balance: BALANCE }]));
  const base = developmentGenesis({ accounts: balances });
  return {
    ...base,
    validators: Array.from({ length: validators }, (_, index) => ({
      key: validatorKeyOf(testSecret(KEYS_FROM + index)),
      owner: base.agents[index % base.agents.length]?.address ?? '',
      name: `node-${index + 1}`,
      bond: 10_000,
    })),
  };
}

/** Starts so many nodes; everything that happens follows from the seed. */
export async function startWideCluster(validators: number, seed: number, hands: WideHands): Promise<WideCluster> {
  const genesis = genesisOf(validators);
  const keys = genesis.validators.map(({ key }) => key);
  const random = seededRandom(seed);
  const time = new SimulatedTime(genesis.timestampMs + 1_000);
  const links = wideLinks({ keys, delaysMs: delayMatrix(validators), random });
  const clock = time.clockOf(MACHINE);
  const hub = memoryHub({ clock, fate: links.fate });
  const failures: unknown[] = [];
  const telemetry: TelemetrySink = {
    ...silentTelemetry,
    observe: (name, value) => {
      if (name === 'finality_ms') hands.onFinalityMs(value);
    },
  };
  const start = async (key: string, index: number): Promise<ChainNode> => {
    const { store, log } = await new SimulatedDisk(time, random, DISK_MS_MAX).open();
    const signer = { key, sign: (message: Uint8Array) => cheapSignature(key, message) };
    const node = await ChainNode.start({
      ...{ genesis, name: `node-${index + 1}`, store, log, network: hub.join(key), clock, signer, telemetry },
      ...{ verifier: cheapVerifier, timing: WIDE_AREA_TIMING, onFatal: (error: unknown) => failures.push(error) },
    });
    node.subscribe((event) => {
      if (event.type === 'finalized') hands.onFinal(index, event.block);
    });
    return node;
  };
  const nodes: ChainNode[] = [];
  for (const [index, key] of keys.entries()) nodes.push(await start(key, index));
  const nonces = testAgents.map(() => 0);
  return {
    ...{ time, links, nodes, wallets: testAgents.length },
    submit: async (wallet) => {
      if (failures.length > 0) throw failures[0];
      const from = testAgents[wallet]?.wallet;
      const to = testAgents[(wallet + 1) % testAgents.length]?.wallet;
      const node = nodes[wallet % nodes.length];
      if (!from || !to || !node) throw new RangeError(`no wallet ${wallet}`);
      const nonce = nonces[wallet] ?? 0;
      nonces[wallet] = nonce + 1;
      const transaction = cheaplySigned({
        ...{ chainId: genesis.chainId, type: 'transfer', sender: from.address, publicKey: from.publicKey, nonce },
        ...{ gasPrice: 1, gasLimit: 200, args: canonicalText({ to: to.address, amount: 1 }), evidence: [] },
      });
      return node.submit({ transaction, blobs: [] });
    },
    stop: async () => {
      const ending = nodes.map((node) => node.stop());
      await time.run(MACHINE.diskMsMax * 2);
      await Promise.all(ending);
    },
  };
}
