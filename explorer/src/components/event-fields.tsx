import { shortHash } from '../lib/format.ts';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { useParties } from '../lib/parties.ts';
import { CODE_GROUPS, shapeOf } from './event-data.ts';
import styles from './event-fields.module.css';
import { HashText, TransactionHash } from './hash-text.tsx';
import { usePartyLabel } from './party-name.tsx';

/** Characters of nested data shown inline; the rest is in the title. */
const JSON_INLINE_MAX = 80;

function FieldValue({ field, value }: { readonly field: string; readonly value: unknown }) {
  const { t, format, locale, name, error } = useI18n();
  const parties = useParties();
  const label = usePartyLabel();
  const text = String(value);
  switch (shapeOf(field, value)) {
    case 'transaction':
      return <TransactionHash hash={text} copy={false} />;
    case 'hash':
      return <HashText value={text} copy={false} />;
    case 'address': {
      const party = parties.get(text);
      return <span title={text}>{party ? label(party) : shortHash(text, 6, 4)}</span>;
    }
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
    case 'json': {
      const bilingual = value as { readonly en?: unknown; readonly zh?: unknown } | null;
      const spoken = locale === 'zh-CN' ? bilingual?.zh : bilingual?.en;
      const full = typeof spoken === 'string' ? spoken : JSON.stringify(value);
      return <span title={full}>{full.length > JSON_INLINE_MAX ? `${full.slice(0, JSON_INLINE_MAX)}…` : full}</span>;
    }
  }
}

/** The fields of an event in one flow of small labelled values. */
export function EventFields({ data }: { readonly data: Readonly<Record<string, unknown>> }) {
  const { name } = useI18n();
  return (
    <dl className={styles.fields}>
      {Object.entries(data).map(([field, value]) => (
        <div key={field} className={styles.field}>
          <dt>{name('field', field)}</dt>
          <dd>
            <FieldValue field={field} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
