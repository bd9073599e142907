import { CheckOutlined, QuestionOutlined } from '@ant-design/icons';
import { Fragment } from 'react';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import type { Stage } from './sop-stages.ts';
import styles from './sop-stepper.module.css';

function lookOf({ state, status }: Stage): string {
  const ending =
    status === 'current' && (state === 'Finalized' ? styles.ended : state === 'Inconclusive' && styles.open);
  return [styles.stage, styles[status], ending].filter(Boolean).join(' ');
}

function Dot({ stage: { state, status }, place }: { readonly stage: Stage; readonly place: number }) {
  if (status === 'done' || (status === 'current' && state === 'Finalized')) return <CheckOutlined />;
  if (state === 'Inconclusive') return <QuestionOutlined />;
  return place;
}

/** A code that may break after its underscores, and only there. */
const Breakable = ({ text }: { readonly text: string }) =>
  text.split('_').map((word, index) => (
    <Fragment key={word}>
      {index > 0 && (
        <>
          _<wbr />
        </>
      )}
      {word}
    </Fragment>
  ));

/** The operating procedure from the alert to its end, with the present stage marked. */
export function SopStepper({ stages }: { readonly stages: readonly Stage[] }) {
  const { t, name } = useI18n();
  return (
    <div className={styles.frame}>
      <ol className={styles.stepper} aria-label={t('sop.title')}>
        {stages.map((stage, index) => (
          <li
            key={stage.state}
            className={lookOf(stage)}
            {...(stage.status === 'current' ? { 'aria-current': 'step' as const } : {})}
          >
            <span className={styles.dot} aria-hidden>
              <Dot stage={stage} place={index + 1} />
            </span>
            <span>
              <span className={styles.label}>{name('stage', stage.state)}</span>
              <code className={styles.code}>
                <Breakable text={stage.state} />
              </code>
              <span className="visually-hidden">{t(`sop.stage.${stage.status}`)}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
