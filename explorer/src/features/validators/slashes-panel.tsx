import { FileSearchOutlined, ScissorOutlined } from '@ant-design/icons';
import type { EventView } from '@dao-gov/node/protocol';
import { Link } from 'react-router';
import { AddressName } from '../../components/address-name.tsx';
import { type Columns, DataTable } from '../../components/data-table.tsx';
import { transactionPath } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEventsOf } from '../../lib/queries.ts';

const SLASHED = ['ValidatorSlashed'] as const;
/** A validator is jailed by its first one: there are hardly more of them than validators. */
const SLASHES_MAX = 50;

function SlashesTable({ slashes }: { readonly slashes: readonly EventView[] }) {
  const { t, name, format } = useI18n();
  const amount = (value: unknown): string => format.number(Number(value ?? 0));
  const columns: Columns<EventView> = [
    { title: t('slashes.validator'), key: 'validator', render: (_, { data }) => String(data.name) },
    { title: t('slashes.when'), key: 'when', render: (_, { timestampMs }) => <When atMs={timestampMs} /> },
    {
      title: t('slashes.evidence'),
      key: 'evidence',
      render: (_, { transaction }) => (
        <Link to={transactionPath(transaction)}>
          <FileSearchOutlined aria-hidden /> {t('slashes.evidenceLink')}
        </Link>
      ),
    },
    {
      title: t('slashes.votes'),
      key: 'votes',
      render: (_, { data }) => (
        <>
          {(Array.isArray(data.kinds) ? data.kinds : []).map((kind) => name('finality.kind', String(kind))).join(' + ')}
          <br />
          <span className="soft">{t('slashes.viewOf', { view: amount(data.view), epoch: amount(data.epoch) })}</span>
        </>
      ),
    },
    { title: t('slashes.slashed'), key: 'slashed', align: 'right', render: (_, { data }) => amount(data.slashed) },
    { title: t('slashes.burned'), key: 'burned', align: 'right', render: (_, { data }) => amount(data.burned) },
    { title: t('slashes.reward'), key: 'reward', align: 'right', render: (_, { data }) => amount(data.reward) },
    {
      title: t('slashes.reporter'),
      key: 'reporter',
      render: (_, { data }) => <AddressName address={String(data.reporter)} />,
    },
  ];
  return <DataTable label={t('slashes.title')} columns={columns} rows={slashes} rowKey={({ id }) => id} />;
}

/** Who signed two contradicting votes, what it cost, and where the two signatures stand. */
export function SlashesPanel() {
  const { t } = useI18n();
  const query = useEventsOf(SLASHED, { limit: SLASHES_MAX });
  return (
    <Panel title={t('slashes.title')} icon={<ScissorOutlined />} flush>
      <QueryBody query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('slashes.none')} compact>
              {t('slashes.noneHint')}
            </EmptyState>
          ) : (
            <SlashesTable slashes={items} />
          )
        }
      </QueryBody>
    </Panel>
  );
}
