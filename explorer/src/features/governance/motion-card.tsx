import { DownOutlined, FlagOutlined, RightOutlined } from '@ant-design/icons';
import type { MotionView } from '@dao-gov/node/protocol';
import { useState } from 'react';
import { type Field, FieldList } from '../../components/field-list.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { PartyName } from '../../components/party-name.tsx';
import { PollWindow } from '../../components/poll-window.tsx';
import { VoteRing } from '../../components/proposal/vote-ring.tsx';
import { VoteTable } from '../../components/proposal/vote-table.tsx';
import { MotionStatusTag, motionStatus } from '../../components/tags.tsx';
import { When } from '../../components/when.tsx';
import { type I18n, useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './governance.module.css';
import { MotionSubject } from './motion-subject.tsx';

/** When it took or takes effect, in words. */
function effectOf(motion: MotionView, { t, format }: I18n): string {
  const epoch = format.number(motion.enactedEpoch);
  switch (motionStatus(motion)) {
    case 'enacted':
      return t(motion.kind === 'spending' ? 'motion.paidIn' : 'motion.effectiveSince', { epoch });
    case 'refused':
      return t('motion.refusedIn', { epoch });
    case 'rejected':
      return t('motion.effectiveNever');
    case 'waiting':
      return t('motion.effectiveNext');
    case 'open':
      return t('motion.effectiveIfPassed');
  }
}

function fieldsOf(motion: MotionView, i18n: I18n): readonly Field[] {
  const { t, format } = i18n;
  const { decidedAtMs, supportThousandths: support, participationThousandths: participation } = motion;
  const result = {
    support: support === null ? '–' : format.percent(support),
    participation: format.percent(participation),
  };
  return [
    { label: t('motion.by'), value: <PartyName party={motion.proposer} link /> },
    { label: t('motion.stake'), value: t('rules.tokens', { tokens: format.number(motion.stake) }) },
    { label: t('motion.opened'), value: <When atMs={motion.openedAtMs} /> },
    decidedAtMs > 0
      ? { label: t('motion.decided'), value: <When atMs={decidedAtMs} /> }
      : { label: t('motion.votesUntil'), value: <When atMs={motion.commitEndsAtMs} /> },
    { label: t('motion.result'), value: t('motion.supportOf', result) },
    { label: t('motion.effective'), value: effectOf(motion, i18n) },
    { label: t('proposal.id'), value: <HashText value={motion.proposalId} /> },
  ];
}

interface MotionCardProps {
  readonly motion: MotionView;
  /** With its votes shown from the start. */
  readonly open?: boolean;
}

/** One motion: what it would do, who wants it, how the votes stand, and what became of it. */
export function MotionCard({ motion, open = false }: MotionCardProps) {
  const i18n = useI18n();
  const { t, format, pick } = i18n;
  const [shown, setShown] = useState(open);
  return (
    <Panel
      anchor={motion.proposalId}
      title={`${t('motion.title', { number: format.number(motion.number) })} · ${t(`motion.kind.${motion.kind}`)}`}
      icon={<FlagOutlined />}
      extra={<MotionStatusTag motion={motion} />}
    >
      <div className={shown ? styles.columns : undefined}>
        <div className={styles.stack}>
          <MotionSubject motion={motion} />
          <p className={styles.reason}>{pick(motion.reason)}</p>
          <FieldList columnPx={300} fields={fieldsOf(motion, i18n)} />
          <PollWindow poll={motion} />
        </div>
        {shown && <VoteRing proposal={motion} />}
      </div>
      <button type="button" className={styles.toggle} aria-expanded={shown} onClick={() => setShown(!shown)}>
        {shown ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />}{' '}
        {t(shown ? 'motion.hideVotes' : 'motion.showVotes')}
      </button>
      {shown && (
        <div className={styles.flush}>
          <VoteTable proposal={motion} reasons />
        </div>
      )}
    </Panel>
  );
}
