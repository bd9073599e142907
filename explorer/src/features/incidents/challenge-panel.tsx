import { AlertOutlined } from '@ant-design/icons';
import type { ChallengeView } from '@dao-gov/node/protocol';
import { Link } from 'react-router';
import { EvidenceList } from '../../components/evidence/evidence-list.tsx';
import { FieldList } from '../../components/field-list.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { PartyName } from '../../components/party-name.tsx';
import { pollPath } from '../../components/poll-path.ts';
import { PollWindow } from '../../components/poll-window.tsx';
import { VoteRing } from '../../components/proposal/vote-ring.tsx';
import { VoteTable } from '../../components/proposal/vote-table.tsx';
import { ChallengeResultTag } from '../../components/tags.tsx';
import { When } from '../../components/when.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './proposal-panel.module.css';

function Facts({ challenge }: { readonly challenge: ChallengeView }) {
  const { t, format } = useI18n();
  const { incidentId, claim, round, decidedAtMs, decidedBy } = challenge;
  return (
    <FieldList
      columnPx={300}
      fields={[
        { label: t('challenge.by'), value: <PartyName party={challenge.proposer} link /> },
        { label: t('challenge.bond'), value: t('rules.tokens', { tokens: format.number(challenge.stake) }) },
        {
          label: t('challenge.claim'),
          value: <Link to={pollPath(incidentId, claim)}>{t('proposal.title', { round })}</Link>,
        },
        { label: t('challenge.opened'), value: <When atMs={challenge.openedAtMs} /> },
        { label: t('challenge.decided'), value: decidedAtMs > 0 ? <When atMs={decidedAtMs} /> : '–' },
        { label: t('challenge.decidedBy'), value: decidedBy === '' ? '–' : t(`challenge.by.${decidedBy}`) },
      ]}
    />
  );
}

function Evidence({ challenge: { newEvidence, cites } }: { readonly challenge: ChallengeView }) {
  const { t } = useI18n();
  const known = cites.filter((hash) => !newEvidence.includes(hash));
  return (
    <div>
      <EvidenceList entries={newEvidence.map((hash) => ({ hash, title: t('challenge.newEvidence') }))} />
      {known.length > 0 && (
        <div className={styles.cites}>
          <span className="soft">{t('challenge.alsoCites')}</span>
          {known.map((hash) => (
            <HashText key={hash} value={hash} />
          ))}
        </div>
      )}
    </div>
  );
}

/** One challenge of a claim: who, with what bond and evidence, how the second vote went, and what became of it. */
export function ChallengePanel({ challenge }: { readonly challenge: ChallengeView }) {
  const { t, pick } = useI18n();
  return (
    <Panel
      anchor={challenge.proposalId}
      title={t('challenge.title', { round: challenge.round })}
      icon={<AlertOutlined />}
      extra={<ChallengeResultTag result={challenge.result} />}
    >
      <div className={styles.columns}>
        <div className={styles.stack}>
          <p className={styles.means}>{t(`challenge.means.${challenge.result || 'open'}`)}</p>
          <p>{pick(challenge.reason)}</p>
          <Facts challenge={challenge} />
          <Evidence challenge={challenge} />
        </div>
        <div className={styles.stack}>
          <VoteRing proposal={challenge} />
          <p className="soft">{t('challenge.meaning')}</p>
          <PollWindow poll={challenge} />
        </div>
      </div>
      <div className={styles.flush}>
        <VoteTable proposal={challenge} reasons />
      </div>
    </Panel>
  );
}
