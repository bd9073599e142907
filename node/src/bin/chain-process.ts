/** Wires the adapters of one chain node: LevelDB, the log file, libp2p, OpenSSL, the machine's clock. */
import { ChainNode, LOCAL_TIMING, WIDE_AREA_TIMING } from '../host/index.ts';
import { type Libp2pNetwork, libp2pNetwork } from '../network/index.ts';
import { type Network, type NodeKey, StoreError, type ValidatorSigner } from '../ports/index.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { deleteData, openData } from '../storage/index.ts';
import { type NodeConfig, readSecret } from './config.ts';
import { nativeSigner, nativeVerifier, nativeWallet } from './native-crypto.ts';
import { useNativeHashing } from './native-hashing.ts';
import { systemClock } from './system-clock.ts';
import type { Telemetry } from './telemetry.ts';

/** Stands between a node and its network. The product has none: test builds tell lies with it (`testing/bin`). */
export type NetworkWrapper = (network: Network, signer: ValidatorSigner, genesis: Genesis) => Network;

export interface ChainProcess {
  readonly node: ChainNode;
  readonly network: Libp2pNetwork;
}

/**
 * Starts the node on its directory. In a development network, data of an older genesis (before a reset that this node
 * missed) is deleted; anywhere else it is an error.
 *
 * @throws StoreError, ConfigError
 */
export async function startChain(
  config: NodeConfig,
  genesis: Genesis,
  telemetry: Telemetry,
  onFatal: (error: unknown) => void,
  wrapNetwork?: NetworkWrapper,
): Promise<ChainProcess> {
  try {
    return await open(config, genesis, telemetry, onFatal, wrapNetwork);
  } catch (error) {
    const stale = error instanceof StoreError && error.code === 'WRONG_GENESIS';
    if (!stale || genesis.network !== 'development') throw error;
    telemetry.log('warn', 'the genesis changed: old data deleted', { directory: config.dataDirectory });
    await deleteData(config.dataDirectory);
    return open(config, genesis, telemetry, onFatal, wrapNetwork);
  }
}

async function open(
  config: NodeConfig,
  genesis: Genesis,
  telemetry: Telemetry,
  onFatal: (error: unknown) => void,
  wrapNetwork: NetworkWrapper = (network) => network,
): Promise<ChainProcess> {
  await useNativeHashing();
  const secretKey = readSecret(config.validatorKey);
  const signer = nativeSigner(secretKey);
  const { store, log } = await openData(config.dataDirectory, { telemetry });
  let isValidator = (key: NodeKey): boolean => genesis.validators.some((validator) => validator.key === key);
  const network = libp2pNetwork({
    key: signer.key,
    secretKey,
    listen: { host: config.network.host, port: config.network.port },
    peers: config.network.peers,
    chainId: genesis.chainId,
    isValidator: (key) => isValidator(key),
    preset: config.network.preset,
    telemetry,
    clock: systemClock,
    random: Math.random,
  });
  try {
    const node = await ChainNode.start({
      genesis,
      name: config.name,
      store,
      log,
      network: wrapNetwork(network, signer, genesis),
      clock: systemClock,
      signer,
      verifier: nativeVerifier,
      telemetry,
      timing: config.network.timing ?? (config.network.preset === 'local' ? LOCAL_TIMING : WIDE_AREA_TIMING),
      onFatal,
      ...(config.agent && { reporter: nativeWallet(readSecret(config.agent.walletKey)) }),
    });
    isValidator = (key) => node.isValidator(key);
    return { node, network };
  } catch (error) {
    await network.stop();
    await log.close();
    await store.close();
    throw error;
  }
}
