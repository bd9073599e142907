import { ArrowDownOutlined, PauseOutlined, PlayCircleOutlined, ProfileOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import { EmptyState } from '../../components/states.tsx';
import { LOG_LINES_DRAWN } from '../../lib/constants.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { filterLines, type LogBuffer, type LogFilter } from '../../lib/live/log-buffer.ts';
import { useLog } from '../../lib/live/use-live.ts';
import styles from './live-log.module.css';
import { LogFilters } from './log-filters.tsx';
import { LogLineItem } from './log-line-item.tsx';
import { useFollow } from './use-follow.ts';

const NO_FILTER: LogFilter = { agents: [], kinds: [] };

/** The log held still while the reader reads; what arrives meanwhile is counted. */
function usePausable(live: LogBuffer) {
  const [held, setHeld] = useState<LogBuffer | null>(null);
  const seen = (buffer: LogBuffer): number => buffer.dropped + buffer.lines.length;
  // a reset of the chain empties the log: what was held is of a chain that is gone
  const shown = held !== null && seen(live) >= seen(held) ? held : live;
  return {
    lines: shown.lines,
    dropped: shown.dropped,
    paused: held !== null,
    missed: seen(live) - seen(shown),
    toggle: () => setHeld(held === null ? live : null),
  };
}

/** What the agents think and do and what the chain answers, as it happens. */
export function LiveLog({ className }: { readonly className?: string | undefined }) {
  const { t, format } = useI18n();
  const { lines, paused, missed, toggle } = usePausable(useLog());
  const [filter, setFilter] = useState(NO_FILTER);
  const [drawn, setDrawn] = useState(LOG_LINES_DRAWN);
  const matching = filterLines(lines, filter);
  const visible = matching.slice(-drawn);
  const { scroller, content, following, onScroll, follow } = useFollow(visible.at(-1)?.id);
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
      <div className={styles.frame}>
        <div
          ref={scroller}
          className={styles.scroll}
          onScroll={onScroll}
          role="log"
          aria-label={t('log.title')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
        >
          <div ref={content}>
            {matching.length > visible.length && (
              <button type="button" className={styles.more} onClick={() => setDrawn(drawn + LOG_LINES_DRAWN)}>
                {t('log.earlier', { count: format.number(matching.length - visible.length) })}
              </button>
            )}
            {visible.map((line) => (
              <LogLineItem key={line.id} line={line} />
            ))}
            {visible.length === 0 && (
              <EmptyState title={t(lines.length === 0 ? 'log.empty' : 'log.noMatch')}>
                {t(lines.length === 0 ? 'log.emptyHint' : 'log.noMatchHint')}
              </EmptyState>
            )}
          </div>
        </div>
        {!following && (
          <Button
            className={styles.newest ?? ''}
            type="primary"
            size="small"
            shape="round"
            icon={<ArrowDownOutlined />}
            onClick={follow}
          >
            {t('log.follow')}
          </Button>
        )}
      </div>
    </Panel>
  );
}
