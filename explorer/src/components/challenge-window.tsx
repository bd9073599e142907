import { ClockCircleOutlined, PauseCircleOutlined } from '@ant-design/icons';
import type { IncidentDetail } from '@dao-gov/node/protocol';
import { useBlockTimeLeftMs } from '../lib/block-time.ts';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { useEconomics } from '../lib/queries.ts';
import styles from './challenge-window.module.css';
import { challengeWindowOf } from './challenge-window-state.ts';
import { Meter } from './meter.tsx';
import { When } from './when.tsx';

/** How long a solved incident may still be challenged, in block time. Nothing before the solution and after the end. */
export function ChallengeWindow({ incident }: { readonly incident: IncidentDetail }) {
  const { t, format } = useI18n();
  const lengthMs = useEconomics().data?.params.challengeWindowMs;
  const leftMs = useBlockTimeLeftMs(incident.challengeEndsAtMs);
  const window = leftMs === undefined ? null : challengeWindowOf(incident, leftMs);
  if (window === null) return null;
  const time = format.duration(window.leftMs);
  const text = window.paused ? t('window.paused', { time }) : t('window.left', { time });
  return (
    <div className={styles.window} role="timer" title={t('window.blockTime')}>
      <Meter
        label={t('window.title')}
        part={window.leftMs / Math.max(1, lengthMs ?? window.leftMs)}
        text={window.leftMs > 0 ? time : t('window.ended')}
        tone={window.paused ? 'warn' : 'accent'}
      />
      <p className="soft">
        {window.paused ? <PauseCircleOutlined aria-hidden /> : <ClockCircleOutlined aria-hidden />} {text}
        {!window.paused && (
          <>
            {', '}
            {t('window.until')} <When atMs={incident.challengeEndsAtMs} />
          </>
        )}
        {' · '}
        {t('window.explain')}
      </p>
    </div>
  );
}
