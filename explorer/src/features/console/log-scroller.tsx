import { ArrowDownOutlined } from '@ant-design/icons';
import type { LogLine } from '@dao-gov/node/protocol';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { LOG_LINES_DRAWN } from '../../lib/constants.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './live-log.module.css';
import { LogLineItem } from './log-line-item.tsx';
import { useFollow } from './use-follow.ts';

interface LogScrollerProps {
  readonly lines: readonly LogLine[];
  readonly empty: ReactNode;
}

/** The newest lines at the end, followed while the reader is there; earlier ones on request. */
export function LogScroller({ lines, empty }: LogScrollerProps) {
  const { t, format } = useI18n();
  const [drawn, setDrawn] = useState(LOG_LINES_DRAWN);
  const visible = lines.slice(-drawn);
  const { scroller, content, following, onScroll, follow } = useFollow(visible.at(-1)?.id);
  return (
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
          {lines.length > visible.length && (
            <button type="button" className={styles.more} onClick={() => setDrawn(drawn + LOG_LINES_DRAWN)}>
              {t('log.earlier', { count: format.number(lines.length - visible.length) })}
            </button>
          )}
          {visible.map((line) => (
            <LogLineItem key={line.id} line={line} />
          ))}
          {visible.length === 0 && empty}
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
  );
}
