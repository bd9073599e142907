/** Test-only: whole incidents on a finalized chain, and the bundle of each. */

import { type AuditBundle, type AuditSource, buildBundle } from '../protocol/audit/index.ts';
import type { VoteOption } from '../protocol/calls.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { Params } from '../protocol/genesis.ts';
import type { ChallengeRecord, PollRecord, ProposalRecord } from '../protocol/records.ts';
import type { Role } from '../protocol/roles.ts';
import { developmentGenesis, type GenesisOverrides } from './chain-kit.ts';
import { challenge, challengeOf, verify } from './dispute-kit.ts';
import { FinalizedChain, type FinalizedChainOptions } from './finalized-chain.ts';
import {
  advanceTo,
  type Ballots,
  commitAll,
  openIncident,
  openVoteTransaction,
  proposalOf,
  propose,
  revealAll,
  stepTransaction,
  testAlert,
} from './incident-kit.ts';

/** The blobs whose hashes the incident kit's transactions name. */
const BLOBS = ['snapshot', 'graph', 'assessment', 'fault web', 'solution'] as const;

export class CaseChain extends FinalizedChain {
  incidentId = '';

  constructor(params: Partial<Params> = {}, options: FinalizedChainOptions = {}, genesis: GenesisOverrides = {}) {
    super(developmentGenesis({ ...genesis, params }), options);
    for (const blob of BLOBS) this.keep(blob);
  }

  /** An alert with a second observer, triaged. */
  open(): void {
    this.incidentId = openIncident(this);
    this.call('data_detective', 'raise_alert', testAlert());
  }

  /** All steps up to a proposal, which is then open. */
  claim(rootCause?: string, by?: Role): ProposalRecord {
    advanceTo(this, this.incidentId, 'propose_root_cause');
    return propose(this, this.incidentId, rootCause, by);
  }

  /** Sealed votes: all commit, those of `reveals` reveal. */
  vote({ proposalId }: Pick<PollRecord, 'proposalId'>, ballots: Ballots, reveals: Ballots = ballots): void {
    commitAll(this, proposalId, ballots);
    // When everybody has committed, the reveal phase is open already.
    const { status } = this.state.get('challenge', proposalId) ?? proposalOf(this, proposalId);
    if (status === 'committing') this.block([], this.genesis.params.commitWindowMs);
    if (Object.keys(reveals).length > 0) revealAll(this, proposalId, reveals);
    this.block([], this.genesis.params.revealWindowMs);
  }

  voteOpenly({ proposalId }: ProposalRecord, ballots: Ballots): void {
    const entries = Object.entries(ballots) as [Role, VoteOption][];
    this.block(entries.map(([role, option]) => openVoteTransaction(this, proposalId, role, option)));
    this.block([], this.genesis.params.commitWindowMs);
  }

  /** Fault web, solution and the end of the challenge window. */
  solve(): void {
    this.deliver();
    this.block([], this.genesis.params.challengeWindowMs);
  }

  /** Fault web and solution: the challenge window is open. */
  deliver(): void {
    advanceTo(this, this.incidentId, 'submit_solution');
    this.block([stepTransaction(this, this.incidentId, 'submit_solution')]);
  }

  /** A challenge by the fault mapper, or by another who had not supported the claim. */
  dispute(by: Role = 'fault_mapper', evidence = 'logs of the stock database'): ChallengeRecord {
    this.keep(evidence);
    return challengeOf(this, challenge(this, this.incidentId, by, { evidence }));
  }

  /** Two agents measure after the fix. */
  measure(recovered: boolean): void {
    for (const role of ['data_detective', 'dependency_explorer']) this.keep(`metrics of ${role} after the fix`);
    verify(this, this.incidentId, recovered);
  }

  source(): AuditSource {
    const { height, state } = this.final();
    return {
      genesis: this.genesis,
      genesisHash: this.genesisHash,
      state: { height, reader: state },
      block: async (at) => this.finalBlocks[at - 1],
      evidence: async (hash) => this.blobs.get(hash),
      setChanges: async () => this.finalBlocks.flatMap(({ setChange }) => setChange ?? []),
    };
  }

  async bundle(): Promise<AuditBundle> {
    return buildBundle(this.source(), this.incidentId);
  }

  genesisText(): string {
    return JSON.stringify(this.genesis, null, 2);
  }
}

export const bundleText = (bundle: unknown): string => canonicalText(bundle);

/** Six voters, one against and one abstaining. */
export const divided: Ballots = {
  alert_receiver: 'For',
  process_scheduler: 'For',
  data_detective: 'For',
  dependency_explorer: 'Against',
  fault_mapper: 'Abstain',
  solution_engineer: 'For',
};
