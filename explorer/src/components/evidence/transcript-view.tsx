import type { Transcript } from '@dao-gov/node/protocol';
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
