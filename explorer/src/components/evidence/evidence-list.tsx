import { DownOutlined, FileSearchOutlined, RightOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { shortHash } from '../../lib/format.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './evidence-list.module.css';
import { EvidenceView } from './evidence-view.tsx';

export interface EvidenceEntry {
  readonly hash: string;
  /** What the blob is, where that is known before it is fetched. */
  readonly title?: string;
}

function EvidenceItem({ hash, title, open: initially }: EvidenceEntry & { readonly open: boolean }) {
  const { t } = useI18n();
  const [open, setOpen] = useState(initially);
  return (
    <li className={styles.item}>
      <button type="button" className={styles.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />}
        <FileSearchOutlined aria-hidden />
        <span>{title ?? t('evidence.blob')}</span>
        <span className="mono soft">{shortHash(hash)}</span>
      </button>
      {open && (
        <div className={styles.content}>
          <EvidenceView hash={hash} />
        </div>
      )}
    </li>
  );
}

/** Evidence blobs that open on demand, so that only what is looked at is fetched. */
export function EvidenceList({
  entries,
  openFirst = false,
}: {
  readonly entries: readonly EvidenceEntry[];
  readonly openFirst?: boolean;
}) {
  return (
    <ul>
      {entries.map((entry, index) => (
        <EvidenceItem key={entry.hash} {...entry} open={openFirst && index === 0} />
      ))}
    </ul>
  );
}
