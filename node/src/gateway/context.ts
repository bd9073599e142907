/** What the routes share: one view of the node, its caches, and the hub of the live stream. */
import { BusyBlocks } from './busy-blocks.ts';
import type { GatewayDeps } from './deps.ts';
import { ChainReads } from './reads.ts';
import { StreamHub } from './sse.ts';
import { EvidenceReader } from './views/evidence.ts';
import { LogComposer } from './views/log.ts';

export interface GatewayContext {
  readonly deps: GatewayDeps;
  readonly reads: ChainReads;
  readonly busy: BusyBlocks;
  readonly evidence: EvidenceReader;
  readonly log: LogComposer;
  readonly hub: StreamHub;
  /** Lets go of the node. */
  close(): void;
}

export function createContext(deps: GatewayDeps): GatewayContext {
  const { node, clock, telemetry, limits } = deps;
  const reads = new ChainReads(node);
  const busy = new BusyBlocks(reads, node.final().height);
  const evidence = new EvidenceReader(node.store);
  const log = new LogComposer(node, evidence);
  // Before the hub subscribes: what it sends is then in the caches already.
  const unsubscribe = node.subscribe((event) => {
    if (event.type !== 'finalized') return;
    reads.note(event.block);
    busy.note(event.block);
  });
  const streamsMax = limits?.streams;
  const hub = new StreamHub({ node, reads, log, clock, telemetry, ...(streamsMax !== undefined && { streamsMax }) });
  return {
    ...{ deps, reads, busy, evidence, log, hub },
    close: () => {
      unsubscribe();
      hub.close();
    },
  };
}
