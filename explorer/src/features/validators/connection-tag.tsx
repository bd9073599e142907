import { DisconnectOutlined, LinkOutlined } from '@ant-design/icons';
import { ToneTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';

/** Whether this node has a connection to another one, or is it. */
export function ConnectionTag({ self, connected }: { readonly self: boolean; readonly connected: boolean }) {
  const { t } = useI18n();
  if (self) return <ToneTag tone="accent">{t('validator.self')}</ToneTag>;
  return connected ? (
    <ToneTag tone="good" icon={<LinkOutlined />}>
      {t('validator.connected')}
    </ToneTag>
  ) : (
    <ToneTag tone="bad" icon={<DisconnectOutlined />}>
      {t('validator.disconnected')}
    </ToneTag>
  );
}
