import { expect, test } from 'vitest';
import { EVENTS_PER_RECEIPT_MAX } from '../../protocol/constants.ts';
import { developmentGenesis, TestChain, testParams } from '../../testing/chain-kit.ts';
import { advanceTo, commitAll, openIncident, propose, revealAll, unanimous } from '../../testing/incident-kit.ts';
import { EVENTS_PER_SYSTEM_TURN_MAX } from '../constants.ts';
import { eventLog } from '../receipts.ts';
import { StateDraft } from '../state/draft.ts';
import { runSystemPhase } from './system.ts';

test('what no longer fits into one receipt is left for the next block, the oldest first', () => {
  const chain = new TestChain(developmentGenesis(), { signed: false });
  const incidents = ['web-buy', 'web-pay', 'web-cart'].map((node) => openIncident(chain, node));
  const block = chain.context(8 * testParams.stepDeadlineMs);
  const draft = new StateDraft(chain.state);
  const openAfter = (roomForTurns: number) => {
    const log = eventLog();
    const full = EVENTS_PER_RECEIPT_MAX - EVENTS_PER_SYSTEM_TURN_MAX + 1 - roomForTurns;
    runSystemPhase({ draft, block, emit: log.emit }, () => full + log.events.length);
    return draft.must('sequence').open;
  };
  expect(openAfter(0)).toEqual(incidents);
  expect(openAfter(1)).toEqual(incidents.slice(1));
  expect(openAfter(2)).toEqual([]);
});

test('one turn emits no more than is set aside for it', () => {
  const chain = new TestChain(developmentGenesis(), { signed: false });
  const incidentId = openIncident(chain);
  advanceTo(chain, incidentId, 'propose_root_cause');
  const { proposalId } = propose(chain, incidentId);
  commitAll(chain, proposalId, unanimous('For'));
  const { receipts } = revealAll(chain, proposalId, unanimous('For'));
  const voters = 6;
  expect(receipts.at(-1)?.events.length).toBeLessThanOrEqual(4 * voters + 16);
});
