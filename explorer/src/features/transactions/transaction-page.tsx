import { CodeOutlined, FileSearchOutlined, SwapOutlined, ThunderboltOutlined } from '@ant-design/icons';
import type { TransactionDetail } from '@dao-gov/node/protocol';
import { Alert } from 'antd';
import { Link, useParams } from 'react-router';
import { EventList } from '../../components/event-list.tsx';
import { EvidenceList } from '../../components/evidence/evidence-list.tsx';
import { type Field, FieldList } from '../../components/field-list.tsx';
import { BlockHeight, HashText, incidentPath } from '../../components/hash-text.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { PartyName } from '../../components/party-name.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { TransactionStatusTag } from '../../components/tags.tsx';
import { When } from '../../components/when.tsx';
import { shortHash } from '../../lib/format.ts';
import { parseHash } from '../../lib/hex.ts';
import { type I18n, useI18n } from '../../lib/i18n/use-i18n.ts';
import { useBlock, useTransaction } from '../../lib/queries.ts';
import { TransactionSearch } from './transaction-search.tsx';

function fieldsOf(transaction: TransactionDetail, { t, name, format }: I18n): readonly Field[] {
  const { height, timestampMs, receiver, incidentId } = transaction;
  return [
    { label: t('transaction.hash'), value: <HashText value={transaction.hash} full />, wide: true },
    { label: t('transaction.type'), value: `${name('type', transaction.type)} (${transaction.type})` },
    { label: t('transaction.status'), value: <TransactionStatusTag {...transaction} /> },
    { label: t('transaction.sender'), value: <PartyName party={transaction.sender} link /> },
    { label: t('transaction.senderAddress'), value: <HashText value={transaction.sender.address} full /> },
    { label: t('transaction.receiver'), value: receiver === null ? '–' : <HashText value={receiver} full /> },
    {
      label: t('transaction.incident'),
      value: incidentId === null ? '–' : <Link to={incidentPath(incidentId)}>{incidentId}</Link>,
    },
    { label: t('transaction.nonce'), value: format.number(transaction.nonce) },
    { label: t('transaction.gasPrice'), value: format.number(transaction.gasPrice) },
    { label: t('transaction.gasLimit'), value: format.number(transaction.gasLimit) },
    { label: t('transaction.gasUsed'), value: format.number(transaction.gasUsed) },
    { label: t('transaction.fee'), value: format.number(transaction.fee) },
    { label: t('transaction.height'), value: height === null ? '–' : <BlockHeight height={height} /> },
    { label: t('transaction.time'), value: timestampMs === null ? '–' : <When atMs={timestampMs} /> },
    { label: t('chain.id'), value: transaction.chainId },
    { label: t('transaction.publicKey'), value: <HashText value={transaction.publicKey} full />, wide: true },
    { label: t('transaction.signature'), value: <HashText value={transaction.signature} full />, wide: true },
  ];
}

/** Why it failed: in words, with the code and what the chain said. */
function Failure({ transaction }: { readonly transaction: TransactionDetail }) {
  const { t, error } = useI18n();
  if (transaction.status !== 'failed') return null;
  return (
    <Alert
      type="error"
      showIcon
      title={error(transaction.reason) || t('transaction.failedUnknown')}
      description={
        <>
          <code>{transaction.reason}</code> {transaction.detail}
        </>
      }
    />
  );
}

/** Decisions, settlements and payments are no transaction's own: the chain makes them when the block ends. */
function Afterwards({ transaction: { height, incidentId } }: { readonly transaction: TransactionDetail }) {
  return height === null || incidentId === null ? null : <SystemEvents height={height} incidentId={incidentId} />;
}

function SystemEvents({ height, incidentId }: { readonly height: number; readonly incidentId: string }) {
  const { t } = useI18n();
  const query = useBlock(height);
  const events = query.data?.systemEvents.filter(({ data }) => data.incidentId === incidentId) ?? [];
  if (events.length === 0) return null;
  return (
    <Panel
      title={t('transaction.afterwards')}
      icon={<ThunderboltOutlined />}
      extra={<BlockHeight height={height} />}
      flush
    >
      <EventList events={events} empty="" />
    </Panel>
  );
}

function TransactionContent({ transaction }: { readonly transaction: TransactionDetail }) {
  const i18n = useI18n();
  const { t, name, format } = i18n;
  return (
    <>
      <Failure transaction={transaction} />
      {transaction.status === 'pending' && <Alert type="info" showIcon title={t('transaction.pendingHint')} />}
      <Panel title={t('transaction.events')} icon={<ThunderboltOutlined />} flush>
        <EventList events={transaction.events} empty={t('transaction.noEvents')} />
      </Panel>
      <Panel title={t('transaction.details')} icon={<SwapOutlined />}>
        <FieldList fields={fieldsOf(transaction, i18n)} columnPx={380} />
      </Panel>
      <Afterwards transaction={transaction} />
      <Panel title={t('transaction.args')} icon={<CodeOutlined />}>
        <JsonView value={transaction.args} label={t('transaction.args')} />
      </Panel>
      <Panel title={t('transaction.evidence')} icon={<FileSearchOutlined />} flush={transaction.evidence.length === 0}>
        {transaction.evidence.length === 0 ? (
          <EmptyState title={t('transaction.noEvidence')} compact />
        ) : (
          <EvidenceList
            entries={transaction.evidence.map(({ hash, kind, bytes }) => ({
              hash,
              title: [kind && name('evidence', `kind.${kind}`), bytes !== null && format.bytes(bytes)]
                .filter(Boolean)
                .join(' · '),
            }))}
          />
        )}
      </Panel>
    </>
  );
}

function KnownTransaction({ hash }: { readonly hash: string }) {
  const query = useTransaction(hash);
  return <QueryBody query={query}>{(transaction) => <TransactionContent transaction={transaction} />}</QueryBody>;
}

export function TransactionPage() {
  const { t } = useI18n();
  const { hash: text = '' } = useParams();
  const parsed = parseHash(text);
  return (
    <Page name={t('transaction.title', { hash: shortHash(text) })} heading={t('transaction.heading')}>
      <TransactionSearch key={`search ${text}`} initial={text} />
      {parsed.kind === 'hash' ? (
        <KnownTransaction key={parsed.hash} hash={parsed.hash} />
      ) : (
        <EmptyState title={t('transactions.malformed')} />
      )}
    </Page>
  );
}
