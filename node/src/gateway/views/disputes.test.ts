import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { incidentDetailSchema, motionPageSchema } from '../../protocol/api/index.ts';
import { developmentGenesis, TestChain } from '../../testing/chain-kit.ts';
import {
  challenge,
  challengeVote,
  motionTransaction,
  outcomeTransaction,
  passVote,
  solved,
  soundParams,
  spendingTransaction,
  turnEpoch,
  voteOnMotion,
} from '../../testing/dispute-kit.ts';
import { incidentOf } from '../../testing/incident-kit.ts';
import { detailOf } from './incidents.ts';
import { motionPage } from './motions.ts';

test('an incident shows its challenges, the reports of the outcome, and what a claim fell to', () => {
  const { chain, incidentId } = solved({ confirmed: false });
  chain.block([outcomeTransaction(chain, incidentId, 'data_detective', false)]);
  const id = challenge(chain, incidentId, 'fault_mapper');
  const during = detailOf(chain.state, incidentOf(chain, incidentId));
  expect(during.challenges[0]).toMatchObject({ proposalId: id, result: '', stake: 100, status: 'committing' });
  expect(during.proposals[0]?.withheldFrom?.role).toBe('alert_receiver');
  passVote(chain, id, challengeVote('For'));
  const after = detailOf(chain.state, incidentOf(chain, incidentId));
  expect(after.challenges[0]).toMatchObject({ result: 'upheld', decidedBy: 'vote', supportThousandths: 1_000 });
  expect(after.challenges[0]?.newEvidence.length).toBe(1);
  expect(after.outcomeReports).toMatchObject([{ by: { role: 'data_detective' }, recovered: false, round: 1 }]);
  expect(after.proposals[0]).toMatchObject({ status: 'overturned', overturnedBy: 'challenge', escrow: [] });
  for (const view of [during, after]) expect(isDeepStrictEqual(incidentDetailSchema.parse(view), view)).toBe(true);
});

test('motions are listed newest first, with what holds now', () => {
  const chain = new TestChain(developmentGenesis({ params: soundParams }), { signed: false });
  chain.block([motionTransaction(chain, 'fault_mapper', [{ name: 'rewards.bounty', value: 1_200 }])]);
  chain.block([spendingTransaction(chain, 'data_detective', chain.genesis.agents[0]?.address ?? '', 500)]);
  const pageOf = (limit: number, before?: number) => motionPage(chain.state, chain.genesis.params, limit, before);
  const page = pageOf(1);
  expect(page.items).toMatchObject([{ number: 2, kind: 'spending', amount: 500, to: { role: 'alert_receiver' } }]);
  const [first] = pageOf(5, Number(page.next)).items;
  expect(first).toMatchObject({ number: 1, changes: [{ name: 'rewards.bounty', value: 1_200, current: 1_000 }] });
  voteOnMotion(chain, first?.proposalId ?? '', 'For');
  turnEpoch(chain, 3);
  expect(pageOf(5).items[1]).toMatchObject({ enactment: 'enacted', enactedEpoch: 3, to: null });
  expect(isDeepStrictEqual(motionPageSchema.parse(pageOf(5)), pageOf(5))).toBe(true);
});
