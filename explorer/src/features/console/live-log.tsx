import { PauseOutlined, PlayCircleOutlined, ProfileOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import { EmptyState } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { filterLines, type LogBuffer, type LogFilter } from '../../lib/live/log-buffer.ts';
import { useLog } from '../../lib/live/use-live.ts';
import styles from './live-log.module.css';
import { LogFilters } from './log-filters.tsx';
import { LogScroller } from './log-scroller.tsx';

const NO_FILTER: LogFilter = { agents: [], kinds: [] };

/** The log held still while the reader reads; what arrives meanwhile is counted. A log of a chain that is gone is not held. */
function usePausable(live: LogBuffer) {
  const [held, setHeld] = useState<LogBuffer | null>(null);
  const paused = held !== null && held.chain === live.chain;
  const shown = paused ? held : live;
  const seen = ({ dropped, lines }: LogBuffer): number => dropped + lines.length;
  return { lines: shown.lines, paused, missed: seen(live) - seen(shown), toggle: () => setHeld(paused ? null : live) };
}

/** What the agents think and do and what the chain answers, as it happens. */
export function LiveLog({ className }: { readonly className?: string | undefined }) {
  const { t, format } = useI18n();
  const { lines, paused, missed, toggle } = usePausable(useLog());
  const [filter, setFilter] = useState(NO_FILTER);
  return (
    <Panel
      title={t('log.title')}
      icon={<ProfileOutlined />}
      className={className}
      flush
      fill
      extra={
        <Button
          size="small"
          aria-pressed={paused}
          icon={paused ? <PlayCircleOutlined /> : <PauseOutlined />}
          onClick={toggle}
        >
          {t(paused ? 'log.resume' : 'log.pause')}
        </Button>
      }
    >
      <LogFilters filter={filter} change={setFilter} />
      {paused && (
        <div className={styles.paused} role="status">
          {t('log.paused', { count: format.number(missed) })}
        </div>
      )}
      <LogScroller
        lines={filterLines(lines, filter)}
        empty={
          lines.length === 0 ? (
            <EmptyState title={t('log.empty')}>{t('log.emptyHint')}</EmptyState>
          ) : (
            <EmptyState title={t('log.noMatch')}>{t('log.noMatchHint')}</EmptyState>
          )
        }
      />
    </Panel>
  );
}
