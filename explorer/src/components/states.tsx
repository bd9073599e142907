/** What a panel shows when it has nothing to show: it loads, it is empty, or the node refused or is silent. */
import { DisconnectOutlined, InboxOutlined, ReloadOutlined, WarningOutlined } from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { type Failure, failureOf } from '../lib/failure.ts';
import { type I18n, useI18n } from '../lib/i18n/use-i18n.ts';
import styles from './states.module.css';
import { Ago } from './when.tsx';

interface EmptyStateProps {
  readonly title: string;
  readonly icon?: ReactNode;
  /** One quiet line, where nothing is the usual case. */
  readonly compact?: boolean;
  readonly children?: ReactNode;
}

export function EmptyState({ title, icon = <InboxOutlined />, compact = false, children }: EmptyStateProps) {
  if (compact) {
    return (
      <p className={styles.quiet}>
        {children ? <strong>{title}</strong> : title} {children}
      </p>
    );
  }
  return (
    <div className={styles.state}>
      <span className={styles.icon} aria-hidden>
        {icon}
      </span>
      <p className={styles.title}>{title}</p>
      {children && <div>{children}</div>}
    </div>
  );
}

function titleOf(kind: Failure['kind'], meaning: string, t: I18n['t']): string {
  if (kind === 'silent') return t('state.noAnswer');
  return kind === 'strange' ? t('state.strange') : meaning || t('state.failed');
}

export function ErrorState({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { t, error: meaning } = useI18n();
  const { kind, code, detail } = failureOf(error);
  const silent = kind === 'silent';
  return (
    <div className={`${styles.state} ${styles.problem}`} role="alert">
      <span className={styles.icon} aria-hidden>
        {silent ? <DisconnectOutlined /> : <WarningOutlined />}
      </span>
      <p className={styles.title}>{titleOf(kind, meaning(code), t)}</p>
      {silent && <p>{t('state.noAnswerHint')}</p>}
      {kind === 'strange' && <p className="soft">{detail}</p>}
      {code !== '' && <code className={styles.code}>{code}</code>}
      {retry && (
        <Button icon={<ReloadOutlined />} onClick={retry}>
          {t('state.retry')}
        </Button>
      )}
    </div>
  );
}

interface QueryBodyProps<T> {
  readonly query: UseQueryResult<T>;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}

/** The answer of a query, or the state that stands in for it. An old answer is shown as old, never as the current one. */
export function QueryBody<T>({ query, rows = 4, children }: QueryBodyProps<T>) {
  const { t } = useI18n();
  const { data, error, dataUpdatedAt, refetch } = query;
  if (data !== undefined) {
    return (
      <>
        {error !== null && (
          <div className={styles.notice} role="status">
            <WarningOutlined aria-hidden />
            <span>
              {t('state.stale')} <Ago atMs={dataUpdatedAt} />
            </span>
          </div>
        )}
        {children(data)}
      </>
    );
  }
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <div className={styles.skeleton} role="status" aria-label={t('state.loading')}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}
