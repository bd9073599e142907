import { UndoOutlined } from '@ant-design/icons';
import { App, Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useApi } from '../../lib/api.ts';
import { type Failure, failureOf } from '../../lib/failure.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useChain } from '../../lib/queries.ts';
import styles from './shell.module.css';

interface ResetDialogProps {
  readonly open: boolean;
  readonly close: () => void;
}

/** Confirms, and asks for the token once the node said that it wants one. The token is kept nowhere. */
function ResetDialog({ open, close }: ResetDialogProps) {
  const { t, error: meaning } = useI18n();
  const api = useApi();
  const { message } = App.useApp();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Failure | null>(null);
  const wantsToken = refused?.code === 'UNAUTHORIZED';
  const leave = (): void => {
    setToken('');
    setRefused(null);
    close();
  };
  const reset = async (): Promise<void> => {
    setBusy(true);
    try {
      await api.reset(token === '' ? undefined : token);
      void message.success(t('reset.done'));
      leave();
    } catch (error) {
      setRefused(failureOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={open}
      title={t('reset.title')}
      okText={t('reset.confirm')}
      okButtonProps={{ danger: true, disabled: wantsToken && token === '' }}
      confirmLoading={busy}
      onOk={() => void reset()}
      onCancel={leave}
    >
      <p>{t('reset.explain')}</p>
      {refused !== null && (
        <p role="alert" style={{ marginTop: 12, color: 'var(--bad)' }}>
          {refused.kind === 'silent' ? t('state.noAnswer') : meaning(refused.code) || refused.detail}{' '}
          {refused.code !== '' && <code>{refused.code}</code>}
        </p>
      )}
      {wantsToken && (
        <Input.Password
          style={{ marginTop: 12 }}
          aria-label={t('reset.token')}
          placeholder={t('reset.token')}
          autoComplete="off"
          value={token}
          onChange={({ target }) => setToken(target.value)}
          onPressEnter={() => void reset()}
        />
      )}
    </Modal>
  );
}

/** Starts the network anew; only a development network lets anyone. */
export function ResetButton({ inDrawer = false }: { readonly inDrawer?: boolean }) {
  const { t } = useI18n();
  const { data: chain } = useChain();
  const [open, setOpen] = useState(false);
  if (chain?.network !== 'development') return null;
  return (
    <>
      {inDrawer ? (
        <Button danger block icon={<UndoOutlined />} style={{ marginTop: 24 }} onClick={() => setOpen(true)}>
          {t('reset.action')}
        </Button>
      ) : (
        <button type="button" className={styles.tool} title={t('reset.title')} onClick={() => setOpen(true)}>
          <UndoOutlined />
          {t('reset.action')}
        </button>
      )}
      <ResetDialog open={open} close={() => setOpen(false)} />
    </>
  );
}
