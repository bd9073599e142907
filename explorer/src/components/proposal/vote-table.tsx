import {
  ClockCircleOutlined,
  CloseCircleFilled,
  DislikeOutlined,
  LikeOutlined,
  LockOutlined,
  MinusCircleOutlined,
} from '@ant-design/icons';
import { ROLES } from '@dao-gov/node/protocol';
import type { ReactNode } from 'react';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { type Columns, DataTable } from '../data-table.tsx';
import { PartyName } from '../party-name.tsx';
import { type Tone, ToneTag } from '../tags.tsx';
import type { PollView } from './poll.ts';

type VoteView = PollView['votes'][number];

const OPTION_LOOK: Readonly<Record<NonNullable<VoteView['option']>, readonly [Tone, ReactNode]>> = {
  For: ['good', <LikeOutlined key="For" />],
  Against: ['bad', <DislikeOutlined key="Against" />],
  Abstain: ['warn', <MinusCircleOutlined key="Abstain" />],
};

const STATUS_LOOK: Readonly<Record<Exclude<VoteView['status'], 'revealed'>, readonly [Tone, ReactNode]>> = {
  waiting: ['quiet', <ClockCircleOutlined key="waiting" />],
  sealed: ['accent', <LockOutlined key="sealed" />],
  missed: ['quiet', <CloseCircleFilled key="missed" />],
};

/** What an agent chose, or why that is not known. */
export function VoteChoice({ vote }: { readonly vote: Pick<VoteView, 'status' | 'option'> }) {
  const { t } = useI18n();
  if (vote.option !== null) {
    const [tone, icon] = OPTION_LOOK[vote.option];
    return (
      <ToneTag tone={tone} icon={icon}>
        {t(`vote.option.${vote.option}`)}
      </ToneTag>
    );
  }
  const status = vote.status === 'revealed' ? 'waiting' : vote.status;
  const [tone, icon] = STATUS_LOOK[status];
  return (
    <ToneTag tone={tone} icon={icon} title={t(`vote.statusHint.${status}`)}>
      {t(`vote.status.${status}`)}
    </ToneTag>
  );
}

/** In the order of the roles, so that each agent stands where the reader looks for it. */
const byRole = (votes: readonly VoteView[]): readonly VoteView[] => {
  const place = ({ voter }: VoteView): number => (voter.role === null ? ROLES.length : ROLES.indexOf(voter.role));
  return votes.toSorted((a, b) => place(a) - place(b));
};

/** Every eligible agent with its weight and choice; with reasons where there is room for them. */
export function VoteTable({ proposal, reasons = false }: { readonly proposal: PollView; readonly reasons?: boolean }) {
  const { t, format, pick } = useI18n();
  const columns: Columns<VoteView> = [
    { title: t('vote.agent'), key: 'agent', render: (_, vote) => <PartyName party={vote.voter} /> },
    { title: t('vote.choice'), key: 'choice', render: (_, vote) => <VoteChoice vote={vote} /> },
    {
      title: t('vote.weight'),
      key: 'weight',
      align: 'right',
      render: (_, vote) => <span className="number">{format.weight(vote.weight)}</span>,
    },
    {
      title: t('vote.stake'),
      key: 'stake',
      align: 'right',
      render: (_, vote) => <span className="number">{vote.stake > 0 ? format.number(vote.stake) : '–'}</span>,
    },
  ];
  const reasonColumn: Columns<VoteView> = [
    {
      title: t('vote.reason'),
      key: 'reason',
      render: (_, vote) => <span style={{ whiteSpace: 'normal' }}>{pick(vote.reason) || '–'}</span>,
    },
  ];
  return (
    <DataTable
      label={t('vote.table')}
      columns={reasons ? [...columns, ...reasonColumn] : columns}
      rows={byRole(proposal.votes)}
      rowKey={({ voter }) => voter.address}
      dense={!reasons}
    />
  );
}
