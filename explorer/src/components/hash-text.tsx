import { Link } from 'react-router';
import { shortHash } from '../lib/format.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './hash-text.module.css';

interface HashTextProps {
  readonly value: string;
  /** Page that shows what the hash stands for. */
  readonly to?: string;
  /** All characters, wrapped where needed. */
  readonly full?: boolean;
  readonly copy?: boolean;
}

/** A hash, address or key: monospaced, shortened, whole on hover, with a button that copies it. */
export function HashText({ value, to, full = false, copy = true }: HashTextProps) {
  const text = full ? value : shortHash(value);
  return (
    <span className={full ? `${styles.hash} ${styles.full}` : styles.hash}>
      {to === undefined ? (
        <span title={value}>{text}</span>
      ) : (
        <Link to={to} title={value}>
          {text}
        </Link>
      )}
      {copy && <CopyButton text={value} />}
    </span>
  );
}

export const transactionPath = (hash: string): string => `/transactions/${hash}`;
export const blockPath = (height: number): string => `/blocks/${height}`;
export const incidentPath = (incidentId: string): string => `/incidents/${incidentId}`;

export const TransactionHash = ({ hash, copy }: { readonly hash: string; readonly copy?: boolean }) => (
  <HashText value={hash} to={transactionPath(hash)} {...(copy === undefined ? {} : { copy })} />
);

export const BlockHeight = ({ height }: { readonly height: number }) => (
  <Link to={blockPath(height)} className="mono number">
    #{height}
  </Link>
);
