import { describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../testing/audit-kit.ts';
import { testParams } from '../../testing/chain-kit.ts';
import { challengeVote } from '../../testing/dispute-kit.ts';
import {
  advanceTo,
  type Ballots,
  commitAll,
  incidentOf,
  openIncident,
  revealAll,
  unanimous,
} from '../../testing/incident-kit.ts';
import { genesisHeader, genesisState } from '../../vm/index.ts';
import { nobleVerifier } from '../crypto/verifier.ts';
import type { Params } from '../genesis.ts';
import { encodeBundle } from './build.ts';
import { AuditError } from './errors.ts';
import { genesisHeaderOf, stateRootOf } from './genesis-block.ts';
import { AUDIT_STEPS, verifyBundle } from './verify.ts';

const first = (ballots: Ballots, count: number): Ballots => Object.fromEntries(Object.entries(ballots).slice(0, count));
const against = { ...unanimous('Against'), alert_receiver: 'For' } as const;

/** A claim that passed with the fault mapper abstaining, whose challenge window is open. */
function delivered(params: Partial<Params> = {}): CaseChain {
  const chain = new CaseChain(params);
  chain.open();
  chain.vote(chain.claim(), divided);
  chain.deliver();
  return chain;
}

/** Ways that an incident can go, and the state in which its record stands afterwards. */
const cases: Record<string, { play(): CaseChain; state: string }> = {
  'just triaged': {
    state: 'Init',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      return chain;
    },
  },
  'with data and nothing else': {
    state: 'Data_Collected',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      advanceTo(chain, chain.incidentId, 'submit_dependency_graph');
      return chain;
    },
  },
  'with a claim that nobody has voted on': {
    state: 'Root_Cause_Proposed',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      chain.claim();
      return chain;
    },
  },
  'in the middle of the commitments': {
    state: 'Root_Cause_Proposed',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      commitAll(chain, chain.claim().proposalId, first(divided, 3));
      return chain;
    },
  },
  'in the middle of the reveals': {
    state: 'Root_Cause_Proposed',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      const { proposalId } = chain.claim();
      commitAll(chain, proposalId, divided);
      revealAll(chain, proposalId, first(divided, 2));
      return chain;
    },
  },
  'decided before all have revealed': {
    state: 'Consensus',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      const { proposalId } = chain.claim();
      commitAll(chain, proposalId, unanimous('For'));
      revealAll(chain, proposalId, first(unanimous('For'), 5));
      return chain;
    },
  },
  'passed, waiting for the solution': {
    state: 'Consensus',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      chain.vote(chain.claim(), divided);
      return chain;
    },
  },
  'finalized after a divided vote': {
    state: 'Finalized',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      chain.vote(chain.claim(), divided);
      chain.solve();
      return chain;
    },
  },
  'finalized with votes that stayed sealed or were not cast': {
    state: 'Finalized',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      chain.vote(chain.claim(), first(unanimous('For'), 5), first(unanimous('For'), 4));
      chain.solve();
      return chain;
    },
  },
  'finalized in the second round after a rejection': {
    state: 'Finalized',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      chain.vote(chain.claim('web-buy'), against);
      const { fault_mapper: _, ...others } = { ...unanimous('For'), probability_oracle: 'For' } as const;
      chain.vote(chain.claim('stock-db', 'fault_mapper'), others);
      chain.solve();
      return chain;
    },
  },
  'finalized by open votes': {
    state: 'Finalized',
    play: () => {
      const chain = new CaseChain({ votingMode: 'open' });
      chain.open();
      chain.voteOpenly(chain.claim(), first(unanimous('For'), 5));
      chain.solve();
      return chain;
    },
  },
  'finalized with a treasury that could not pay it all': {
    state: 'Finalized',
    play: () => {
      const chain = new CaseChain({
        rewards: {
          ...{ proposer: 150_000, bounty: 150_000, proposerReputation: 5 },
          ...{ supporter: 300, supporterReputation: 1, voteGasRebate: 700 },
        },
      });
      chain.open();
      chain.vote(chain.claim(), divided);
      chain.solve();
      return chain;
    },
  },
  'given up after a tie and nobody voting': {
    state: 'Inconclusive',
    play: () => {
      const chain = new CaseChain({ roundsMax: 2 });
      chain.open();
      const tie: Ballots = { ...unanimous('Abstain'), alert_receiver: 'For', data_detective: 'Against' };
      chain.vote(chain.claim('web-buy'), tie);
      chain.block([], chain.genesis.params.stepDeadlineMs);
      chain.vote(chain.claim('stock-db'), {});
      chain.block([], chain.genesis.params.revealWindowMs);
      return chain;
    },
  },
  'given up because nobody delivered a solution': {
    state: 'Inconclusive',
    play: () => {
      const chain = new CaseChain();
      chain.open();
      chain.vote(chain.claim(), divided);
      chain.block([], 10 * chain.genesis.params.stepDeadlineMs);
      return chain;
    },
  },
  'disputed, in the middle of the second vote': {
    state: 'Solution',
    play: () => {
      const chain = delivered();
      commitAll(chain, chain.dispute().proposalId, first(challengeVote('For'), 3));
      return chain;
    },
  },
  'overturned by a challenge, waiting for another claim': {
    state: 'Data_Collected',
    play: () => {
      const chain = delivered();
      chain.vote(chain.dispute(), { ...challengeVote('For'), solution_engineer: 'Against', alert_receiver: 'Against' });
      return chain;
    },
  },
  'finalized in the second round after a claim was overturned': {
    state: 'Finalized',
    play: () => {
      const chain = delivered();
      chain.vote(chain.dispute(), challengeVote('For'));
      const { fault_mapper: _, ...others } = { ...unanimous('For'), probability_oracle: 'Against' } as const;
      chain.vote(chain.claim('web-cache', 'fault_mapper'), others);
      chain.solve();
      return chain;
    },
  },
  'given up after its last claim was overturned': {
    state: 'Inconclusive',
    play: () => {
      const chain = delivered({ roundsMax: 1 });
      chain.vote(chain.dispute(), challengeVote('For'));
      return chain;
    },
  },
  'finalized after a challenge that failed and one that nobody decided': {
    state: 'Finalized',
    play: () => {
      const chain = delivered();
      const votes = { ...challengeVote('Against'), solution_engineer: 'For' } as const;
      chain.vote(chain.dispute(), votes, first(votes, 4));
      chain.vote(chain.dispute('fault_mapper', 'more logs'), {});
      chain.block([], chain.genesis.params.challengeWindowMs);
      return chain;
    },
  },
  'finalized after a challenge whose bond went to the proposer': {
    state: 'Finalized',
    play: () => {
      const chain = delivered({ falsification: { ...testParams.falsification, failedBondTo: 'proposer' } });
      chain.vote(chain.dispute(), challengeVote('Against'));
      chain.block([], chain.genesis.params.challengeWindowMs);
      return chain;
    },
  },
  'finalized early by a measured recovery, in the middle of a challenge': {
    state: 'Finalized',
    play: () => {
      const chain = delivered();
      commitAll(chain, chain.dispute().proposalId, challengeVote('For'));
      chain.measure(true);
      return chain;
    },
  },
  'overturned by a measurement, in the middle of a challenge': {
    state: 'Data_Collected',
    play: () => {
      const chain = delivered();
      commitAll(chain, chain.dispute().proposalId, first(challengeVote('Against'), 2));
      chain.measure(false);
      return chain;
    },
  },
  'overturned by a measurement alone': {
    state: 'Data_Collected',
    play: () => {
      const chain = delivered();
      chain.measure(false);
      return chain;
    },
  },
  'finalized though nobody else had seen the alert': {
    state: 'Finalized',
    play: () => {
      const chain = new CaseChain();
      chain.incidentId = openIncident(chain);
      chain.vote(chain.claim(), divided);
      chain.solve();
      return chain;
    },
  },
  'made final by certificates of descendants': {
    state: 'Finalized',
    play: () => {
      const chain = new CaseChain({}, { blocksPerCertificate: 4 });
      chain.open();
      chain.vote(chain.claim(), divided);
      chain.solve();
      while (chain.final().height < chain.height) chain.block();
      return chain;
    },
  },
};

describe.each(Object.entries(cases))('the bundle of an incident %s', (_, { play, state }) => {
  it('verifies from the genesis file alone and states the outcome', async () => {
    const chain = play();
    expect(incidentOf(chain, chain.incidentId).state).toBe(state);
    const bundle = await chain.bundle();
    const report = verifyBundle(encodeBundle(bundle), chain.genesisText(), nobleVerifier);
    expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.steps.map(({ step }) => step)).toEqual(AUDIT_STEPS);
    expect(report.verdict).toEqual(bundle.verdict);
    const finished = state === 'Finalized' || state === 'Inconclusive';
    expect(bundle.verdict).toMatchObject({ finished, state });
    expect(bundle.verdict.judgment.en.includes('NOT FINISHED')).toBe(!finished);
    expect(bundle.verdict.judgment.zh.includes('尚未结束')).toBe(!finished);
  });
});

describe('a bundle', () => {
  it('carries just a quorum of signatures in each certificate', async () => {
    const chain = new CaseChain();
    chain.open();
    const { headers } = await chain.bundle();
    expect(headers.map(({ finality }) => finality.certificate.signers.length)).toEqual(headers.map(() => 5));
  });

  it('leaves out what belongs to other incidents, and what failed', async () => {
    const chain = new CaseChain();
    chain.open();
    const { incidentId } = chain;
    chain.incidentId = 'INC-0002';
    chain.call('alert_receiver', 'triage', { alertId: '00'.repeat(32), priority: 'P1', summary: 'unknown' });
    chain.call('fault_mapper', 'stake', { amount: 5 });
    await expect(chain.bundle()).rejects.toThrow(AuditError);
    chain.incidentId = incidentId;
    const { steps } = await chain.bundle();
    expect(steps.map(({ transaction }) => transaction.type)).toEqual(['raise_alert', 'triage', 'raise_alert']);
  });

  it('says which evidence this node lacks', async () => {
    const chain = new CaseChain();
    chain.open();
    advanceTo(chain, chain.incidentId, 'submit_dependency_graph');
    chain.blobs.clear();
    await expect(chain.bundle()).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
  });

  it('names everybody and every sum in the judgment, in both languages', async () => {
    const chain = new CaseChain();
    chain.open();
    chain.vote(chain.claim(), divided);
    chain.solve();
    const { verdict } = await chain.bundle();
    for (const text of [verdict.judgment.en, verdict.judgment.zh]) {
      for (const agent of chain.genesis.agents) expect(text).toContain(agent.address);
      for (const hash of chain.blobs.keys()) expect(text).toContain(hash);
      for (const word of ['stock-db', 'latency', '87.0 %', '4.400', '800', '1000', String(verdict.totals.paid)]) {
        expect(text).toContain(word);
      }
    }
    expect(verdict.totals.paid).toBeGreaterThan(1_800);
    expect(verdict.totals.fined).toBe(50);
    expect(bundleText(verdict.judgment)).not.toMatch(/undefined|\[object/);
  });
});

describe('the genesis block', () => {
  it('is the one that the virtual machine begins with', () => {
    const { genesis } = new CaseChain();
    expect(genesisHeaderOf(genesis)).toEqual(genesisHeader(genesis));
  });

  it('has the state root of the tree for any number of records', () => {
    const { genesis } = new CaseChain();
    let state = genesisState(genesis);
    for (let count = 0; count < 40; count += 1) {
      expect(stateRootOf(state.entries(''))).toBe(state.root());
      state = state.with([[`extra/${count}`, String(count)]]);
    }
    expect(stateRootOf([])).toBe('00'.repeat(32));
  });
});
