import { useMemo } from 'react';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { CopyButton } from './copy-button.tsx';
import { jsonTokens } from './json-tokens.ts';
import styles from './json-view.module.css';

/** A JSON value, indented and coloured, with a button that copies it. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  const { t } = useI18n();
  const tokens = useMemo(() => jsonTokens(value), [value]);
  return (
    <div className={styles.frame}>
      <div className={styles.tools}>
        <CopyButton text={JSON.stringify(value, null, 2)} label={t('copy.json')} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.json} aria-label={label} tabIndex={0}>
        {tokens.map(({ text, kind }, index) =>
          kind === 'plain' ? (
            text
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text never move
            <span key={index} className={styles[kind]}>
              {text}
            </span>
          ),
        )}
      </section>
    </div>
  );
}
