/** One seed of whole nodes under load: a time of faults, healing, then everything accepted has to be in the chain. */
import { assertConserved, stateOf } from '../../vm/index.ts';
import { testAgents } from '../chain-kit.ts';
import { Clients } from './clients.ts';
import { FAULTS_MS, HEIGHTS_AFTER_HEALING, LOOK_MS, NODES_EPOCHS_LIVENESS_MS, NODES_LIVENESS_MS } from './constants.ts';
import type { SeedResult } from './core-simulation.ts';
import { SimulatedNodes } from './node-cluster.ts';
import { scenarioOf } from './scenario.ts';
import { Violation } from './violation.ts';

/** Between two transactions of the clients together. */
const SEND_MS = 120;

/** @param actors liars that must be the ones drawn, by name */
export async function simulateNodes(
  seed: number,
  actors: readonly string[] = [],
  epochs?: boolean,
): Promise<SeedResult> {
  const validators = testAgents.length;
  const options = {
    seed,
    validators,
    equalPowers: true,
    wholeNodes: true,
    actors,
    ...(epochs !== undefined && { epochs }),
  };
  const scenario = scenarioOf(options);
  const nodes = new SimulatedNodes(scenario);
  let violation: Violation | null = null;
  let healedMs = 0;
  try {
    for (const index of testAgents.keys()) await nodes.start(index);
    const clients = new Clients(nodes);
    while (nodes.time.nowMs < FAULTS_MS) {
      await nodes.time.run(SEND_MS);
      if (nodes.violation) throw nodes.violation;
      await clients.send();
    }
    healedMs = await recover(nodes, clients);
    await clients.assertOnce();
    await assertPunished(nodes);
    await assertSupply(nodes);
  } catch (error) {
    violation = error instanceof Violation ? error : new Violation('crash', (error as Error).stack ?? String(error));
  }
  nodes.stopAll();
  await nodes.time.run(NODES_LIVENESS_MS);
  const byzantine = [...scenario.byzantine.values()].map(({ name }) => name);
  return { seed, kind: 'whole nodes', violation, height: nodes.monitor.height, healedMs, byzantine };
}

async function recover(nodes: SimulatedNodes, clients: Clients): Promise<number> {
  await nodes.heal();
  const from = nodes.time.nowMs;
  const target = nodes.monitor.height + HEIGHTS_AFTER_HEALING;
  const withinMs = nodes.hasEpochs ? NODES_EPOCHS_LIVENESS_MS : NODES_LIVENESS_MS;
  const heights = (): number[] => nodes.honest().map((node) => node.final().height);
  await nodes.time.run(LOOK_MS);
  await clients.resend();
  while (Math.min(...heights()) < target || !(await clients.settled())) {
    if (nodes.violation) throw nodes.violation;
    if (nodes.time.nowMs - from >= withinMs) {
      const behind = Math.min(...heights()) < target;
      const state = `heights ${heights().join(' ')} of ${target}, waiting ${nodes
        .honest()
        .map((node) => node.pending().length)
        .join(' ')}`;
      throw new Violation(behind ? 'liveness' : 'transactions-once', `${withinMs} ms after healing: ${state}`);
    }
    await nodes.time.run(LOOK_MS);
  }
  return nodes.time.nowMs - from;
}

/** Where an honest node that still runs has seen equivocation, it is on chain, by that node's doing or another's. */
async function assertPunished(nodes: SimulatedNodes): Promise<void> {
  if (!nodes.hasEpochs) return;
  const from = nodes.time.nowMs;
  const offences = (): number => [...(nodes.honest()[0]?.final().state.entries('offence/') ?? [])].length;
  while (nodes.equivocationsSeen() > 0 && offences() === 0) {
    if (nodes.violation) throw nodes.violation;
    if (nodes.time.nowMs - from >= NODES_LIVENESS_MS) {
      throw new Violation('equivocation-punished', `${nodes.equivocationsSeen()} seen, none on chain`);
    }
    await nodes.time.run(LOOK_MS);
  }
}

/** Executed, not assumed: the roots of a node's own state, and its sum of tokens. */
async function assertSupply(nodes: SimulatedNodes): Promise<void> {
  for (const node of nodes.honest()) {
    const { height, state } = node.final();
    const stored = await node.store.blockAt(height);
    if (stored?.block.header.stateRoot !== state.root())
      throw new Violation('roots-equal', `${node.name} at ${height}`);
    try {
      assertConserved(stateOf(state.entries('')));
    } catch (error) {
      throw new Violation('supply-conserved', `${node.name}: ${String(error)}`);
    }
  }
}
