import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { useEffect, useState } from 'react';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import styles from './hash-text.module.css';

/** Milliseconds for which the button confirms that it copied. */
const CONFIRMED_MS = 1_500;

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const { t } = useI18n();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => setCopied(await copyText(text));
  return (
    <button
      type="button"
      className={styles.copy}
      onClick={() => void copy()}
      aria-label={copied ? t('copy.done') : (label ?? t('copy.copy', { text: text.slice(0, 12) }))}
      title={copied ? t('copy.done') : t('copy.short')}
    >
      {copied ? <CheckOutlined /> : <CopyOutlined />}
    </button>
  );
}

/** The clipboard needs a secure origin; a node reached by plain HTTP from elsewhere has none. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}
