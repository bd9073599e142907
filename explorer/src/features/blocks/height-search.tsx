import { Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { blockPath } from '../../components/hash-text.tsx';
import { parseHeight } from '../../lib/hex.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './blocks-page.module.css';

/** Goes to a block by its height. */
export function HeightSearch() {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [wrong, setWrong] = useState(false);
  const search = (input: string): void => {
    const height = parseHeight(input);
    setWrong(height === null && input.trim() !== '');
    if (height !== null) void navigate(blockPath(height));
  };
  return (
    <search>
      <Input.Search
        aria-label={t('blocks.goTo')}
        placeholder={t('blocks.goTo')}
        inputMode="numeric"
        style={{ width: 220 }}
        {...(wrong ? { status: 'error' as const } : {})}
        onSearch={search}
        onChange={() => setWrong(false)}
      />
      {wrong && (
        <p className={styles.problem} role="alert">
          {t('blocks.wrongHeight')}
        </p>
      )}
    </search>
  );
}
