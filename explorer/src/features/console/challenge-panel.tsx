import { AlertOutlined } from '@ant-design/icons';
import type { IncidentDetail } from '@dao-gov/node/protocol';
import { Link } from 'react-router';
import { Clamp } from '../../components/clamp.tsx';
import { Panel } from '../../components/panel.tsx';
import { PartyName } from '../../components/party-name.tsx';
import { pollPath } from '../../components/poll-path.ts';
import { PollWindow } from '../../components/poll-window.tsx';
import { VoteRing } from '../../components/proposal/vote-ring.tsx';
import { ChallengeResultTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './vote-panel.module.css';

/** The newest challenge: a verdict that is disputed, or was overturned, must not look settled. Nothing without one. */
export function ChallengePanel({ incident }: { readonly incident: IncidentDetail | null }) {
  const { t, format, pick } = useI18n();
  const challenge = incident?.challenges.at(-1);
  if (challenge === undefined) return null;
  const { incidentId, proposalId, round, result, proposer, stake } = challenge;
  return (
    <Panel
      title={<Link to={pollPath(incidentId, proposalId)}>{t('challenge.title', { round })}</Link>}
      icon={<AlertOutlined />}
      extra={<ChallengeResultTag result={result} />}
    >
      <div className={styles.stack}>
        <div className={styles.claim}>
          <p>{t(`challenge.means.${result || 'open'}`)}</p>
          <p className="soft">
            <PartyName party={proposer} /> · {t('challenge.bond')} {format.number(stake)}
          </p>
          <Clamp lines={3}>{pick(challenge.reason)}</Clamp>
        </div>
        <VoteRing proposal={challenge} />
        <p className="soft">{t('challenge.meaning')}</p>
        <PollWindow poll={challenge} />
      </div>
    </Panel>
  );
}
