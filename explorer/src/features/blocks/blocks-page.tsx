/** The block explorer's first screen: the chain at a glance and its blocks, newest first. */
import { BlockOutlined } from '@ant-design/icons';
import type { BlockSummary } from '@dao-gov/node/protocol';
import { ChainStrip } from '../../components/chain-strip.tsx';
import { CursorPager, usePageQuery } from '../../components/cursor-pager.tsx';
import { type Columns, DataTable } from '../../components/data-table.tsx';
import { ExportMenu } from '../../components/export-menu.tsx';
import { BlockHeight, blockPath, HashText } from '../../components/hash-text.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { PAGE_ROWS } from '../../lib/constants.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useBlocks } from '../../lib/queries.ts';
import { HeightSearch } from './height-search.tsx';

function BlocksTable({ blocks }: { readonly blocks: readonly BlockSummary[] }) {
  const { t, format } = useI18n();
  const columns: Columns<BlockSummary> = [
    { title: t('block.height'), key: 'height', render: (_, { height }) => <BlockHeight height={height} /> },
    {
      title: t('block.hash'),
      key: 'hash',
      render: (_, { hash, height }) => <HashText value={hash} to={blockPath(height)} />,
    },
    {
      title: t('block.parentHash'),
      key: 'parent',
      render: (_, { parentHash, height }) => (
        <HashText value={parentHash} {...(height > 1 ? { to: blockPath(height - 1) } : {})} />
      ),
    },
    {
      title: t('block.merkleRoot'),
      key: 'merkle',
      render: (_, { merkleRoot }) => <HashText value={merkleRoot} />,
    },
    {
      title: t('block.transactions'),
      key: 'transactions',
      align: 'right',
      render: (_, { transactionCount }) => <span className="number">{format.number(transactionCount)}</span>,
    },
    {
      title: t('block.proposer'),
      key: 'proposer',
      render: (_, { proposer, proposerName }) => <span title={proposer}>{proposerName}</span>,
    },
    { title: t('block.time'), key: 'time', render: (_, { timestampMs }) => <When atMs={timestampMs} /> },
  ];
  return (
    <DataTable
      label={t('block.table')}
      columns={columns}
      rows={blocks}
      rowKey={({ hash }) => hash}
      empty={<EmptyState title={t('block.none')}>{t('block.noneHint')}</EmptyState>}
    />
  );
}

export function BlocksPage() {
  const { t } = useI18n();
  const query = useBlocks(usePageQuery(PAGE_ROWS));
  return (
    <Page name={t('blocks.title')} intro={t('blocks.intro')} extra={<HeightSearch />}>
      <ChainStrip />
      <Panel title={t('blocks.list')} icon={<BlockOutlined />} extra={<ExportMenu what="blocks" />} flush>
        <QueryBody query={query} rows={10}>
          {({ items, next }) => (
            <>
              <BlocksTable blocks={items} />
              <CursorPager next={next} shown={items.length} />
            </>
          )}
        </QueryBody>
      </Panel>
    </Page>
  );
}
