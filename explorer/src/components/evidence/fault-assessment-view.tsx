import type { FaultAssessment } from '@dao-gov/node/protocol';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { Meter } from '../meter.tsx';
import { EmptyState } from '../states.tsx';
import { ToneTag } from '../tags.tsx';
import styles from './evidence.module.css';

/** The candidates by probability, each with the way the fault took and the reason. */
export function FaultAssessmentView({ assessment }: { readonly assessment: FaultAssessment }) {
  const { t, name, pick, format } = useI18n();
  const { conclusive, candidates } = assessment;
  return (
    <div className={styles.stack}>
      <div>
        <ToneTag tone={conclusive ? 'good' : 'warn'}>
          {t(conclusive ? 'assessment.conclusive' : 'assessment.inconclusive')}
        </ToneTag>
      </div>
      {candidates.length === 0 && <EmptyState title={t('assessment.none')} />}
      <ol className={styles.candidates}>
        {candidates
          .toSorted((a, b) => b.probability - a.probability)
          .map(({ node, probability, faultKind, path, reason }, index) => (
            <li key={node} className={styles.candidate}>
              <Meter
                label={`${index + 1}. ${node} · ${name('faultKind', faultKind)}`}
                part={probability / 1_000}
                text={format.percent(probability)}
                tone={index === 0 && conclusive ? 'bad' : 'accent'}
              />
              {path.length > 1 && <p className={styles.path}>{path.join(' → ')}</p>}
              <p className={styles.caption}>{pick(reason)}</p>
            </li>
          ))}
      </ol>
    </div>
  );
}
