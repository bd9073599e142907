import { CheckCircleFilled, CloseCircleFilled, SolutionOutlined, TeamOutlined } from '@ant-design/icons';
import type { ChallengeView, IncidentDetail, ProposalView } from '@dao-gov/node/protocol';
import { Link } from 'react-router';
import { Clamp } from '../../components/clamp.tsx';
import { Panel } from '../../components/panel.tsx';
import { PartyName } from '../../components/party-name.tsx';
import { pollPath } from '../../components/poll-path.ts';
import { PollWindow } from '../../components/poll-window.tsx';
import { ProposalClaim } from '../../components/proposal/proposal-claim.tsx';
import { VoteRing } from '../../components/proposal/vote-ring.tsx';
import { VoteTable } from '../../components/proposal/vote-table.tsx';
import { EmptyState } from '../../components/states.tsx';
import { ChallengeResultTag, ToneTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './vote-panel.module.css';

function ConsensusBadge({ status }: Pick<ProposalView, 'status'>) {
  const { t } = useI18n();
  if (status === 'passed') {
    return (
      <ToneTag tone="good" icon={<CheckCircleFilled />}>
        {t('vote.reached')}
      </ToneTag>
    );
  }
  if (status === 'rejected') {
    return (
      <ToneTag tone="bad" icon={<CloseCircleFilled />}>
        {t('vote.rejected')}
      </ToneTag>
    );
  }
  if (status === 'overturned') {
    return (
      <ToneTag tone="bad" icon={<CloseCircleFilled />}>
        {t('proposal.status.overturned')}
      </ToneTag>
    );
  }
  return <ToneTag tone="info">{t('vote.open')}</ToneTag>;
}

/** The newest challenge of the claim: a verdict that is disputed, or was overturned, must not look settled. */
function Challenge({ challenge }: { readonly challenge: ChallengeView }) {
  const { t, format, pick } = useI18n();
  return (
    <section className={styles.challenge} aria-label={t('challenge.title', { round: challenge.round })}>
      <div className={styles.challengeHead}>
        <h3>
          <Link to={pollPath(challenge.incidentId, challenge.proposalId)}>
            {t('challenge.title', { round: challenge.round })}
          </Link>
        </h3>
        <ChallengeResultTag result={challenge.result} />
      </div>
      <p>{t(`challenge.means.${challenge.result || 'open'}`)}</p>
      <p className="soft">
        <PartyName party={challenge.proposer} /> · {t('challenge.bond')} {format.number(challenge.stake)}
      </p>
      <Clamp lines={3}>{pick(challenge.reason)}</Clamp>
      <VoteRing proposal={challenge} />
      <p className="soft">{t('challenge.meaning')}</p>
      <PollWindow poll={challenge} />
    </section>
  );
}

/** The newest proposal of the incident with its vote. */
export function VotePanel({ incident }: { readonly incident: IncidentDetail | null }) {
  const { t } = useI18n();
  const proposal = incident?.proposals.at(-1);
  const challenge = incident?.challenges.findLast(({ claim }) => claim === proposal?.proposalId);
  return (
    <Panel
      title={t('vote.title')}
      icon={<TeamOutlined />}
      extra={proposal && <ConsensusBadge status={proposal.status} />}
    >
      {proposal === undefined ? (
        <EmptyState title={t('vote.noProposal')} icon={<SolutionOutlined />}>
          {t('vote.noProposalHint')}
        </EmptyState>
      ) : (
        <div className={styles.stack}>
          <div className={styles.claim}>
            <ProposalClaim proposal={proposal} />
          </div>
          <VoteRing proposal={proposal} />
          <PollWindow poll={proposal} />
          {challenge && <Challenge challenge={challenge} />}
          <div className={styles.table}>
            <VoteTable proposal={proposal} />
          </div>
        </div>
      )}
    </Panel>
  );
}
