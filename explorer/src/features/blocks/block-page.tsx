import { BlockOutlined, FileDoneOutlined, LinkOutlined, SwapOutlined, ThunderboltOutlined } from '@ant-design/icons';
import type { BlockDetail } from '@dao-gov/node/protocol';
import { useParams } from 'react-router';
import { EventList } from '../../components/event-list.tsx';
import { type Field, FieldList } from '../../components/field-list.tsx';
import { blockPath, HashText } from '../../components/hash-text.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { TransactionsTable } from '../../components/transactions-table.tsx';
import { When } from '../../components/when.tsx';
import { parseHeight } from '../../lib/hex.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useBlock } from '../../lib/queries.ts';
import { BlockChainLinks } from './block-chain-links.tsx';
import { FinalityPanel } from './finality-panel.tsx';
import { HeightSearch } from './height-search.tsx';

function headerFields(block: BlockDetail, { t, format }: ReturnType<typeof useI18n>): readonly Field[] {
  const hash = (value: string) => <HashText value={value} full />;
  return [
    { label: t('block.height'), value: format.number(block.height) },
    { label: t('block.time'), value: <When atMs={block.timestampMs} /> },
    { label: t('block.view'), value: format.number(block.view) },
    { label: t('block.epoch'), value: format.number(block.epoch) },
    { label: t('block.proposer'), value: <span title={block.proposer}>{block.proposerName}</span> },
    { label: t('block.transactions'), value: format.number(block.transactionCount) },
    { label: t('block.hash'), value: hash(block.hash), wide: true },
    {
      label: t('block.parentHash'),
      value: (
        <HashText value={block.parentHash} full {...(block.height > 1 ? { to: blockPath(block.height - 1) } : {})} />
      ),
      wide: true,
    },
    { label: t('block.merkleRoot'), value: hash(block.merkleRoot), wide: true },
    { label: t('block.receiptsRoot'), value: hash(block.receiptsRoot), wide: true },
    { label: t('block.stateRoot'), value: hash(block.stateRoot), wide: true },
    { label: t('block.evidenceRoot'), value: hash(block.evidenceRoot), wide: true },
    { label: t('block.validatorSetHash'), value: hash(block.validatorSetHash), wide: true },
    { label: t('block.proposerKey'), value: hash(block.proposer), wide: true },
  ];
}

function BlockContent({ block }: { readonly block: BlockDetail }) {
  const i18n = useI18n();
  const { t } = i18n;
  return (
    <>
      <Panel title={t('block.chain')} icon={<LinkOutlined />}>
        <BlockChainLinks block={block} />
      </Panel>
      <Panel title={t('block.header')} icon={<BlockOutlined />}>
        <FieldList fields={headerFields(block, i18n)} />
      </Panel>
      <FinalityPanel block={block} />
      <Panel title={t('block.transactionList')} icon={<SwapOutlined />} flush>
        <TransactionsTable
          transactions={block.transactions}
          inBlock
          empty={<EmptyState title={t('block.noTransactions')}>{t('block.noTransactionsHint')}</EmptyState>}
        />
      </Panel>
      <Panel title={t('block.systemEvents')} icon={<ThunderboltOutlined />} flush>
        <EventList events={block.systemEvents} empty={t('block.noSystemEvents')} />
      </Panel>
    </>
  );
}

function KnownBlock({ height }: { readonly height: number }) {
  const query = useBlock(height);
  return <QueryBody query={query}>{(block) => <BlockContent block={block} />}</QueryBody>;
}

export function BlockPage() {
  const { t } = useI18n();
  const { height: text = '' } = useParams();
  const height = parseHeight(text);
  return (
    <Page name={t('block.title', { height: height ?? text })} extra={<HeightSearch />}>
      {height === null ? (
        <EmptyState title={t('blocks.wrongHeight')} icon={<FileDoneOutlined />} />
      ) : (
        <KnownBlock key={height} height={height} />
      )}
    </Page>
  );
}
