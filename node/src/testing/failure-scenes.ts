/** Test-only: incidents brought to the point where a certain transaction must fail, and the transactions to try. */
import type { CallArgs, CallType, VoteOption } from '../protocol/calls.ts';
import { walletOf } from '../protocol/crypto/wallet.ts';
import { type Role, STEP_ROLE } from '../protocol/roles.ts';
import type { Hash, Transaction } from '../protocol/types.ts';
import { developmentGenesis, TestChain, testAgent, testEvidence, testSecret } from './chain-kit.ts';
import {
  advanceTo,
  commitAll,
  commitTransaction,
  type IncidentStep,
  openIncident,
  propose,
  revealAll,
  revealTransaction,
  stepTransaction,
  testAlert,
  testProposal,
  unanimous,
} from './incident-kit.ts';

export interface Scene {
  readonly chain: TestChain;
  readonly incidentId: string;
  readonly proposalId: Hash;
}
type Genesis = Parameters<typeof developmentGenesis>[0];

export const newChain = (genesis?: Genesis) => new TestChain(developmentGenesis(genesis), { signed: false });

/** An incident in which `step` is due. */
export function due(step: IncidentStep, genesis?: Genesis): Scene {
  const chain = newChain(genesis);
  const incidentId = openIncident(chain);
  advanceTo(chain, incidentId, step);
  return { chain, incidentId, proposalId: '' };
}

export function proposed(genesis?: Genesis): Scene {
  const { chain, incidentId } = due('propose_root_cause', genesis);
  return { chain, incidentId, proposalId: propose(chain, incidentId).proposalId };
}

/** Everybody but the fault mapper has committed, and the deadline has passed. */
export function revealing(option: VoteOption = 'For', genesis?: Genesis): Scene {
  const scene = proposed(genesis);
  const { fault_mapper: _, ...ballots } = unanimous(option);
  commitAll(scene.chain, scene.proposalId, ballots);
  scene.chain.block([], scene.chain.genesis.params.commitWindowMs);
  return scene;
}

export function decided(option: VoteOption): Scene {
  const scene = proposed();
  commitAll(scene.chain, scene.proposalId, unanimous(option));
  revealAll(scene.chain, scene.proposalId, unanimous(option));
  return scene;
}

export const finalized = (): Scene => {
  const { chain, incidentId, proposalId } = decided('For');
  advanceTo(chain, incidentId, 'submit_solution');
  chain.block([stepTransaction(chain, incidentId, 'submit_solution')]);
  chain.block([], chain.genesis.params.challengeWindowMs);
  return { chain, incidentId, proposalId };
};

/** A proposal of the last round that is lost already, while one commitment is still sealed. */
export function lastRoundLost(): Scene {
  const scene = proposed({ params: { roundsMax: 1 } });
  const { solution_engineer: _, ...others } = unanimous('Against');
  commitAll(scene.chain, scene.proposalId, unanimous('Against'));
  revealAll(scene.chain, scene.proposalId, others);
  return scene;
}

export const stranger = walletOf(testSecret(99));
/** A chain on which somebody who is no agent owns tokens. */
export function withStranger(scene: Scene): Scene {
  scene.chain.call('fault_mapper', 'transfer', { to: stranger.address, amount: 5_000 });
  return scene;
}

export const call =
  <T extends CallType>(role: Role, type: T, args: CallArgs[T], evidence: readonly Hash[] = []) =>
  ({ chain }: Scene): Transaction =>
    chain.transaction(role, type, args, { evidence });
export const step =
  (name: IncidentStep, by: Role = STEP_ROLE[name]) =>
  ({ chain, incidentId }: Scene): Transaction =>
    stepTransaction(chain, incidentId, name, by);
export const claim =
  (change: Partial<CallArgs['propose_root_cause']> = {}, by: Role = 'probability_oracle') =>
  ({ chain, incidentId }: Scene): Transaction =>
    chain.transaction(by, 'propose_root_cause', { ...testProposal(incidentId), ...change });
export const commit =
  (role: Role, stake?: number) =>
  ({ chain, proposalId }: Scene): Transaction =>
    commitTransaction(chain, proposalId, role, 'For', stake);
export const reveal =
  (role: Role, option: VoteOption = 'For') =>
  ({ chain, proposalId }: Scene): Transaction =>
    revealTransaction(chain, proposalId, role, option);

export const empty = (): Scene => ({
  chain: newChain(),
  incidentId: 'INC-0009',
  proposalId: testEvidence('no such proposal'),
});
export const alerted = (): Scene => {
  const scene = empty();
  scene.chain.call('alert_receiver', 'raise_alert', testAlert());
  return scene;
};
export const self = testAgent('fault_mapper').wallet.address;
export const other = testAgent('data_detective').wallet.address;
export const openMode = { params: { votingMode: 'open' } } as const;
