import { DoubleLeftOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import styles from './cursor-pager.module.css';

const CURSOR = 'before';

/** Where the reader is in a listing: the cursor stands in the address, so that a page can be kept and sent. */
export function useCursor(): string | undefined {
  const [query] = useSearchParams();
  return query.get(CURSOR) ?? undefined;
}

/** The cursor as part of a request, absent on the newest page. */
export function usePageQuery(limit: number): { readonly limit: number; readonly before?: string } {
  const before = useCursor();
  return before === undefined ? { limit } : { limit, before };
}

/** Newest, newer and older pages of a listing that grows at its head. */
export function CursorPager({ next, shown }: { readonly next: string | null; readonly shown: number }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const location = useLocation();
  const cursor = useCursor();
  const depth = (location.state as { readonly depth?: number } | null)?.depth ?? 0;
  if (cursor === undefined && next === null) return null;

  const goTo = (before: string | null, state: object | null): void => {
    const query = new URLSearchParams(location.search);
    if (before === null) query.delete(CURSOR);
    else query.set(CURSOR, before);
    void navigate({ pathname: location.pathname, search: query.toString() }, { state });
  };
  return (
    <nav className={styles.pager} aria-label={t('pager.label')}>
      <span className={styles.note} role="status">
        {t(cursor === undefined ? 'pager.newestShown' : 'pager.olderShown', { count: shown })}
      </span>
      <Button icon={<DoubleLeftOutlined />} disabled={cursor === undefined} onClick={() => goTo(null, null)}>
        {t('pager.newest')}
      </Button>
      <Button icon={<LeftOutlined />} disabled={depth === 0} onClick={() => void navigate(-1)}>
        {t('pager.newer')}
      </Button>
      <Button
        icon={<RightOutlined />}
        iconPlacement="end"
        disabled={next === null}
        onClick={() => goTo(next, { depth: depth + 1 })}
      >
        {t('pager.older')}
      </Button>
    </nav>
  );
}
