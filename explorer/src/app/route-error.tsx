import { CompassOutlined, WarningOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { Link, useRouteError } from 'react-router';
import { Page } from '../components/page.tsx';
import { EmptyState } from '../components/states.tsx';
import { useI18n } from '../lib/i18n/use-i18n.ts';

/** A screen that could not be shown: most often its files could not be fetched, because the node is down. */
export function RouteError() {
  const { t } = useI18n();
  const error = useRouteError();
  return (
    <Page name={t('state.failed')}>
      <EmptyState title={t('state.screenFailed')} icon={<WarningOutlined />}>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        <Button type="primary" onClick={() => location.reload()} style={{ marginTop: 12 }}>
          {t('state.reload')}
        </Button>
      </EmptyState>
    </Page>
  );
}

export function NotFound() {
  const { t } = useI18n();
  return (
    <Page name={t('state.noSuchScreen')}>
      <EmptyState title={t('state.noSuchScreen')} icon={<CompassOutlined />}>
        <Link to="/">{t('state.toConsole')}</Link>
      </EmptyState>
    </Page>
  );
}
