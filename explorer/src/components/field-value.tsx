/** One value of an event: a link where it stands for something that has a page, else a text in the reader's language. */
import { Link } from 'react-router';
import { shortHash } from '../lib/format.ts';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { useParties } from '../lib/parties.ts';
import { CODE_GROUPS, changesIn, shapeOf } from './event-data.ts';
import { HashText, incidentPath, TransactionHash } from './hash-text.tsx';
import { ParamChanges } from './param-changes.tsx';
import { usePartyLabel } from './party-name.tsx';
import { pollPath } from './poll-path.ts';

/** Characters of nested data shown inline; the rest is in the title. */
const JSON_INLINE_MAX = 80;

interface FieldValueProps {
  readonly field: string;
  readonly value: unknown;
  /** All fields of the event: some values are understood only beside others. */
  readonly data: Readonly<Record<string, unknown>>;
}

function AddressValue({ address }: { readonly address: string }) {
  const parties = useParties();
  const label = usePartyLabel();
  const party = parties.get(address);
  return (
    <Link to={`/transactions?sender=${address}`} title={address}>
      {party ? label(party) : shortHash(address, 6, 4)}
    </Link>
  );
}

/** Names of the polls, whose hashes lead to where the votes are shown. */
const POLLS: ReadonlySet<string> = new Set(['proposalId', 'challengeId']);

function HashValue({ field, value, data }: FieldValueProps & { readonly value: string }) {
  if (!POLLS.has(field)) return <HashText value={value} copy={false} />;
  return <HashText value={value} copy={false} to={pollPath(data.incidentId, value)} />;
}

/** Several texts of one group of names, and whatever else an event may hold. */
function NestedValue({ field, value }: Omit<FieldValueProps, 'data'>) {
  const { locale, name } = useI18n();
  const changes = field === 'changes' ? changesIn(value) : null;
  if (changes !== null) return <ParamChanges changes={changes} />;
  if (field === 'kinds' && Array.isArray(value)) {
    return value.map((kind) => name('finality.kind', String(kind))).join(' + ');
  }
  const bilingual = value as { readonly en?: unknown; readonly zh?: unknown } | null;
  const spoken = locale === 'zh-CN' ? bilingual?.zh : bilingual?.en;
  if (typeof spoken === 'string') return <span>{spoken}</span>;
  const full = JSON.stringify(value) ?? '';
  return <span title={full}>{full.length > JSON_INLINE_MAX ? `${full.slice(0, JSON_INLINE_MAX)}…` : full}</span>;
}

export function FieldValue({ field, value, data }: FieldValueProps) {
  const { t, format, name, error } = useI18n();
  const text = String(value);
  switch (shapeOf(field, value)) {
    case 'transaction':
      return <TransactionHash hash={text} copy={false} />;
    case 'hash':
      return <HashValue field={field} value={text} data={data} />;
    case 'address':
      return <AddressValue address={text} />;
    case 'incident':
      return <Link to={incidentPath(text)}>{text}</Link>;
    case 'time':
      return <span className="number">{format.dateTime(Number(value))}</span>;
    case 'duration':
      return <span className="number">{format.duration(Number(value))}</span>;
    case 'amount':
      return <span className="number">{format.number(Number(value))}</span>;
    case 'weight':
      return <span className="number">{format.weight(Number(value))}</span>;
    case 'percent':
      return <span className="number">{format.percent(Number(value))}</span>;
    case 'code':
      return <span title={text}>{error(text) || name(CODE_GROUPS[field] ?? 'value', text)}</span>;
    case 'answer':
      return <span>{t(value === true ? 'answer.yes' : 'answer.no')}</span>;
    case 'text':
      return <span>{text === '' ? '–' : text}</span>;
    case 'json':
      return <NestedValue field={field} value={value} />;
  }
}
