import { Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { transactionPath } from '../../components/hash-text.tsx';
import { HASH_LENGTH, type HashInput, parseHash } from '../../lib/hex.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './transactions-page.module.css';

/** Finds a transaction by its hash, and says what is wrong with a text that is none. */
export function TransactionSearch({ initial = '' }: { readonly initial?: string }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [text, setText] = useState(initial);
  const [wrong, setWrong] = useState<Exclude<HashInput['kind'], 'hash' | 'empty'> | null>(null);
  const parsed = parseHash(text);
  const search = (): void => {
    setWrong(parsed.kind === 'hash' || parsed.kind === 'empty' ? null : parsed.kind);
    if (parsed.kind === 'hash') void navigate(transactionPath(parsed.hash));
  };
  return (
    <search className={styles.search}>
      <Input.Search
        aria-label={t('transactions.search')}
        placeholder={t('transactions.searchHint')}
        value={text}
        allowClear
        enterButton={t('transactions.find')}
        {...(wrong === null ? {} : { status: 'error' as const })}
        onChange={({ target }) => {
          setText(target.value);
          setWrong(null);
        }}
        onSearch={search}
      />
      {wrong !== null && (
        <p className={styles.problem} role="alert">
          {t(`transactions.${wrong}`, {
            length: parsed.kind === 'wrong_length' ? parsed.length : 0,
            wanted: HASH_LENGTH,
          })}
        </p>
      )}
    </search>
  );
}
