import {
  CheckCircleOutlined,
  CrownOutlined,
  LoginOutlined,
  LogoutOutlined,
  PauseCircleOutlined,
  SafetyCertificateOutlined,
  StopOutlined,
} from '@ant-design/icons';
import type { Validators } from '@dao-gov/node/protocol';
import { type Columns, DataTable } from '../../components/data-table.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { InlineMeter } from '../../components/meter.tsx';
import { Panel } from '../../components/panel.tsx';
import { PartyName } from '../../components/party-name.tsx';
import { QueryBody } from '../../components/states.tsx';
import { ToneTag } from '../../components/tags.tsx';
import { When } from '../../components/when.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useValidators } from '../../lib/queries.ts';
import { ConnectionTag } from './connection-tag.tsx';
import { FullNodesTable } from './full-nodes.tsx';

type ValidatorView = Validators['validators'][number];
type BonderView = Validators['others'][number];

const STATUS_TAGS = {
  active: { tone: 'good', icon: <CheckCircleOutlined /> },
  silent: { tone: 'warn', icon: <PauseCircleOutlined /> },
  joining: { tone: 'accent', icon: <LoginOutlined /> },
  leaving: { tone: 'warn', icon: <LogoutOutlined /> },
  jailed: { tone: 'bad', icon: <StopOutlined /> },
} as const;

function Status({ status }: { readonly status: keyof typeof STATUS_TAGS }) {
  const { t } = useI18n();
  const { tone, icon } = STATUS_TAGS[status];
  return (
    <ToneTag tone={tone} icon={icon} {...(status !== 'active' && { title: t(`validator.${status}Hint`) })}>
      {t(`validator.${status}`)}
    </ToneTag>
  );
}

function ValidatorsTable({ validators, totalPower }: Pick<Validators, 'validators' | 'totalPower'>) {
  const { t, format } = useI18n();
  const columns: Columns<ValidatorView> = [
    {
      title: t('validator.name'),
      key: 'name',
      render: (_, { name, leader }) => (
        <>
          {name}{' '}
          {leader && <CrownOutlined role="img" aria-label={t('consensus.leader')} title={t('consensus.leader')} />}
        </>
      ),
    },
    { title: t('validator.status'), key: 'status', render: (_, { status }) => <Status status={status} /> },
    {
      title: t('validator.link'),
      key: 'link',
      render: (_, { self, connected }) => <ConnectionTag self={self} connected={connected} />,
    },
    { title: t('validator.owner'), key: 'owner', render: (_, { owner }) => <PartyName party={owner} link /> },
    {
      title: t('validator.power'),
      key: 'power',
      width: 170,
      render: (_, { power }) => <InlineMeter part={power / Math.max(1, totalPower)} text={format.number(power)} />,
    },
    { title: t('validator.bond'), key: 'bond', align: 'right', render: (_, { bond }) => format.number(bond) },
    {
      title: t('validator.unbonding'),
      key: 'unbonding',
      align: 'right',
      render: (_, { unbonding }) => (unbonding > 0 ? format.number(unbonding) : '–'),
    },
    {
      title: t('validator.proposed'),
      key: 'proposed',
      align: 'right',
      render: (_, { blocksProposed }) => format.number(blocksProposed),
    },
    {
      title: t('validator.lastSigned'),
      key: 'signed',
      align: 'right',
      render: (_, { lastSignedView }) => (lastSignedView > 0 ? format.number(lastSignedView) : '–'),
    },
    { title: t('validator.key'), key: 'key', render: (_, { key }) => <HashText value={key} /> },
  ];
  return <DataTable label={t('validator.table')} columns={columns} rows={validators} rowKey={({ key }) => key} />;
}

/** Who has something bonded and is not in the set: they come, they leave, or they were caught. */
function OthersTable({ others }: Pick<Validators, 'others'>) {
  const { t, format } = useI18n();
  const columns: Columns<BonderView> = [
    { title: t('validator.name'), key: 'name', render: (_, { name }) => name },
    { title: t('validator.status'), key: 'status', render: (_, { status }) => <Status status={status} /> },
    { title: t('validator.owner'), key: 'owner', render: (_, { owner }) => <PartyName party={owner} link /> },
    { title: t('validator.bond'), key: 'bond', align: 'right', render: (_, { bond }) => format.number(bond) },
    {
      title: t('validator.unbonding'),
      key: 'unbonding',
      align: 'right',
      render: (_, { unbonding }) => (unbonding > 0 ? format.number(unbonding) : '–'),
    },
    {
      title: t('validator.release'),
      key: 'release',
      render: (_, { unbonding, releaseAtMs }) =>
        releaseAtMs > 0 ? <When atMs={releaseAtMs} /> : unbonding > 0 ? t('validator.releaseLater') : '–',
    },
    { title: t('validator.key'), key: 'key', render: (_, { key }) => <HashText value={key} /> },
  ];
  return <DataTable label={t('validator.others')} columns={columns} rows={others} rowKey={({ key }) => key} />;
}

/** Who may sign in this epoch, and whether they do. */
export function ValidatorsPanel() {
  const { t, format } = useI18n();
  const query = useValidators();
  return (
    <Panel
      title={t('validator.table')}
      icon={<SafetyCertificateOutlined />}
      flush
      extra={
        query.data && (
          <span className="soft number">
            {t('validator.quorum', {
              quorum: format.number(query.data.quorumPower),
              total: format.number(query.data.totalPower),
            })}
          </span>
        )
      }
    >
      <QueryBody query={query} rows={7}>
        {({ validators, totalPower, others }) => (
          <>
            <ValidatorsTable validators={validators} totalPower={totalPower} />
            {others.length > 0 && <OthersTable others={others} />}
            <FullNodesTable others={others} />
          </>
        )}
      </QueryBody>
    </Panel>
  );
}
