import { DownloadOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { EXPORT_FORMATS, type Export, exportUrl } from '../lib/api.ts';
import { type Failure, failureOf } from '../lib/failure.ts';
import { type I18n, useI18n } from '../lib/i18n/use-i18n.ts';
import { ExportMissing, saveFile } from '../lib/save-file.ts';

const reasonOf = ({ kind, code, detail }: Failure, { t, error }: I18n): string =>
  kind === 'silent' ? t('state.noAnswer') : error(code) || detail;

/** Saves everything of one sort that the chain holds. The answer is awaited, so that a refusal is no saved file. */
export function ExportMenu({ what }: { readonly what: Export }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const save = async (format: (typeof EXPORT_FORMATS)[number]): Promise<void> => {
    setBusy(true);
    try {
      const file = `${what}.${format}`;
      await saveFile(exportUrl(what, format), file);
      void message.success(t('export.done', { file }));
    } catch (error) {
      const missing = error instanceof ExportMissing;
      const reason = missing ? t('export.unknown') : t('export.failed', { reason: reasonOf(failureOf(error), i18n) });
      void message.error(reason);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: EXPORT_FORMATS.map((format) => ({
          key: format,
          label: t('export.as', { what: t(`export.${what}`), format: format.toUpperCase() }),
          onClick: () => void save(format),
        })),
      }}
    >
      <Button size="small" icon={<DownloadOutlined />} loading={busy}>
        {t('export.open')}
      </Button>
    </Dropdown>
  );
}
