import type { ModelUsage, Transcript } from '@dao-gov/node/protocol';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { LogKindMark } from '../log-kind.tsx';
import { RoleMark } from '../party-name.tsx';
import { ToneTag } from '../tags.tsx';
import styles from './evidence.module.css';

/** What an agent thought, did and saw, in order. */
export function TranscriptView({ transcript }: { readonly transcript: Transcript }) {
  const { t, name, pick } = useI18n();
  return (
    <div className={styles.stack}>
      <div className={styles.row}>
        <RoleMark role={transcript.role} />
        <strong>{name('role', transcript.role)}</strong>
        <ToneTag tone="quiet">{t('transcript.reasoner', { reasoner: transcript.reasoner })}</ToneTag>
        <span className="soft">{name('step', transcript.purpose)}</span>
      </div>
      {transcript.usage && <Usage usage={transcript.usage} />}
      <ol>
        {transcript.entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a transcript never changes, and its entries have no ids
          <li key={index} className={styles.entry}>
            <div>
              <LogKindMark kind={entry.type} />
            </div>
            <div className={styles.entryText}>
              {pick(entry.text)}
              {entry.tool !== undefined && (
                <p className={styles.input}>
                  {entry.tool}
                  {entry.input !== undefined && `(${entry.input})`}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Currencies are the operator's business: prices are stated without one. */
const MICROS = 1_000_000;
const COST_DECIMALS = 4;

/** What a language model was asked for this step, and whether its answer was any use. */
function Usage({ usage }: { readonly usage: ModelUsage }) {
  const { t, format } = useI18n();
  const { model, requests, promptTokens, completionTokens, costMicros, answeredBy } = usage;
  const told = t('transcript.usage', {
    model,
    requests: format.number(requests),
    read: format.number(promptTokens),
    written: format.number(completionTokens),
  });
  const cost =
    costMicros === null
      ? ''
      : ` · ${t('transcript.cost', { cost: format.number(costMicros / MICROS, COST_DECIMALS) })}`;
  return (
    <p className="soft">
      {told}
      {cost}
      {answeredBy === 'builtin' && <> · {t('transcript.builtin')}</>}
    </p>
  );
}
