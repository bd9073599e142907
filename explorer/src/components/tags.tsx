/** Short coloured labels. Each carries an icon or a word, so that none is told by colour alone. */
import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  ExclamationCircleOutlined,
  EyeInvisibleOutlined,
  MinusCircleOutlined,
  QuestionCircleOutlined,
} from '@ant-design/icons';
import type {
  ChallengeView,
  IncidentSummary,
  MotionView,
  ProposalView,
  TransactionSummary,
} from '@dao-gov/node/protocol';
import type { ReactNode } from 'react';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import styles from './tags.module.css';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'accent' | 'quiet';

interface ToneTagProps {
  readonly tone: Tone;
  readonly icon?: ReactNode;
  readonly title?: string;
  readonly children: ReactNode;
}

export function ToneTag({ tone, icon, title, children }: ToneTagProps) {
  return (
    <span className={`${styles.tag} ${styles[tone]}`} title={title}>
      {icon && <span aria-hidden>{icon}</span>}
      {children}
    </span>
  );
}

const TRANSACTION_LOOK: Readonly<Record<TransactionSummary['status'], readonly [Tone, ReactNode]>> = {
  success: ['good', <CheckCircleOutlined key="success" />],
  failed: ['bad', <CloseCircleOutlined key="failed" />],
  pending: ['info', <ClockCircleOutlined key="pending" />],
};

export function TransactionStatusTag({ status, reason }: Pick<TransactionSummary, 'status' | 'reason'>) {
  const { t, error } = useI18n();
  const [tone, icon] = TRANSACTION_LOOK[status];
  return (
    <ToneTag tone={tone} icon={icon} {...(reason ? { title: error(reason) || reason } : {})}>
      {t(`transaction.status.${status}`)}
    </ToneTag>
  );
}

const PRIORITY_TONE: Readonly<Record<IncidentSummary['priority'], Tone>> = {
  P1: 'bad',
  P2: 'warn',
  P3: 'info',
  P4: 'quiet',
};

export function PriorityTag({ priority }: Pick<IncidentSummary, 'priority'>) {
  const { t } = useI18n();
  return (
    <ToneTag tone={PRIORITY_TONE[priority]} title={t('incident.priority')}>
      {priority}
    </ToneTag>
  );
}

export function SopStateTag({ state }: Pick<IncidentSummary, 'state'>) {
  const { name } = useI18n();
  if (state === 'Inconclusive') {
    return (
      <ToneTag tone="warn" icon={<QuestionCircleOutlined />}>
        {name('stage', state)}
      </ToneTag>
    );
  }
  const done = state === 'Finalized' || state === 'Solution';
  return (
    <ToneTag tone={done ? 'good' : 'accent'} icon={done ? <CheckCircleOutlined /> : <ClockCircleOutlined />}>
      {name('stage', state)}
    </ToneTag>
  );
}

const PROPOSAL_LOOK: Readonly<Record<ProposalView['status'], readonly [Tone, ReactNode]>> = {
  committing: ['accent', <EyeInvisibleOutlined key="committing" />],
  revealing: ['info', <ClockCircleOutlined key="revealing" />],
  voting: ['info', <ClockCircleOutlined key="voting" />],
  passed: ['good', <CheckCircleOutlined key="passed" />],
  rejected: ['bad', <CloseCircleOutlined key="rejected" />],
  overturned: ['bad', <ExclamationCircleOutlined key="overturned" />],
};

export function ProposalStatusTag({ status }: Pick<ProposalView, 'status'>) {
  const { t } = useI18n();
  const [tone, icon] = PROPOSAL_LOOK[status];
  return (
    <ToneTag tone={tone} icon={icon}>
      {t(`proposal.status.${status}`)}
    </ToneTag>
  );
}

const CHALLENGE_LOOK: Readonly<Record<ChallengeView['result'], readonly [Tone, ReactNode]>> = {
  '': ['info', <ClockCircleOutlined key="open" />],
  upheld: ['bad', <ExclamationCircleOutlined key="upheld" />],
  failed: ['good', <CheckCircleOutlined key="failed" />],
  undecided: ['quiet', <QuestionCircleOutlined key="undecided" />],
};

/** Red for an upheld one: the verdict that it is about no longer holds. */
export function ChallengeResultTag({ result }: Pick<ChallengeView, 'result'>) {
  const { t } = useI18n();
  const [tone, icon] = CHALLENGE_LOOK[result];
  return (
    <ToneTag tone={tone} icon={icon} title={t(`challenge.means.${result || 'open'}`)}>
      {t(`challenge.result.${result || 'open'}`)}
    </ToneTag>
  );
}

export type MotionStatus = 'open' | 'rejected' | 'waiting' | 'enacted' | 'refused';

export function motionStatus({ status, enactment }: Pick<MotionView, 'status' | 'enactment'>): MotionStatus {
  if (status === 'rejected') return 'rejected';
  if (status !== 'passed') return 'open';
  return enactment === '' ? 'waiting' : enactment;
}

const MOTION_LOOK: Readonly<Record<MotionStatus, readonly [Tone, ReactNode]>> = {
  open: ['info', <ClockCircleOutlined key="open" />],
  rejected: ['bad', <CloseCircleOutlined key="rejected" />],
  waiting: ['accent', <ClockCircleOutlined key="waiting" />],
  enacted: ['good', <CheckCircleOutlined key="enacted" />],
  refused: ['warn', <ExclamationCircleOutlined key="refused" />],
};

export function MotionStatusTag({ motion }: { readonly motion: Pick<MotionView, 'status' | 'enactment' | 'kind'> }) {
  const { t } = useI18n();
  const status = motionStatus(motion);
  const [tone, icon] = MOTION_LOOK[status];
  return (
    <ToneTag tone={tone} icon={icon} {...(status === 'refused' && { title: t('motion.refusedHint') })}>
      {t(`motion.status.${status === 'enacted' && motion.kind === 'spending' ? 'paid' : status}`)}
    </ToneTag>
  );
}

export function RecoveredTag({ recovered }: { readonly recovered: boolean }) {
  const { t } = useI18n();
  return recovered ? (
    <ToneTag tone="good" icon={<CheckCircleOutlined />}>
      {t('outcome.recovered')}
    </ToneTag>
  ) : (
    <ToneTag tone="bad" icon={<CloseCircleOutlined />}>
      {t('outcome.notRecovered')}
    </ToneTag>
  );
}

export function RiskTag({ risk }: { readonly risk: 'low' | 'medium' | 'high' }) {
  const { t } = useI18n();
  const tone: Tone = risk === 'high' ? 'bad' : risk === 'medium' ? 'warn' : 'good';
  const icon = risk === 'low' ? <MinusCircleOutlined /> : <ExclamationCircleOutlined />;
  return (
    <ToneTag tone={tone} icon={icon}>
      {t(`solution.risk.${risk}`)}
    </ToneTag>
  );
}
