/** Test-only: the real gateway over a chain on which everything happened that governance knows (`governed-chain.ts`). */
import { createGateway, type ServedGateway, serveGateway } from '../gateway/index.ts';
import type { Clock } from '../ports/index.ts';
import { gatewayParts, LOOPBACK } from './gateway-kit.ts';
import { type GovernedChain, governedChain } from './governed-chain.ts';

/** A browser counts on time that passes: by the kit's own clock nobody's allowance of requests would be renewed. */
const clock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  at: (atMs, callback) => {
    const timer = setTimeout(callback, Math.max(0, atMs - performance.now()));
    return () => clearTimeout(timer);
  },
};

export interface GovernedGateway extends Pick<GovernedChain, 'incidents'> {
  readonly served: ServedGateway;
  /** Decides the challenge that is open. */
  readonly decide: () => Promise<void>;
}

/** @param explorerDirectory the built explorer */
export async function serveGoverned(explorerDirectory: string): Promise<GovernedGateway> {
  const governed = governedChain();
  const { node, deps } = await gatewayParts(governed.chain);
  const gateway = createGateway({ ...deps, clock, explorerDirectory });
  const served = await serveGateway(() => gateway, { host: LOOPBACK, port: 0 });
  const decide = async (): Promise<void> => {
    governed.decide();
    await node.catchUp();
  };
  return { incidents: governed.incidents, served, decide };
}
