import { FileDoneOutlined, InboxOutlined } from '@ant-design/icons';
import { type DragEvent, useState } from 'react';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './file-drop.module.css';

/** A file as it was given, and where it came from. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
  /** Taken from the node that serves this page: what it proves depends on that node. */
  readonly fromNode: boolean;
}

interface FileDropProps {
  readonly title: string;
  readonly hint: string;
  readonly file: GivenFile | null;
  readonly choose: (file: GivenFile) => void;
}

/** A place to drop a file on, or to choose one by mouse or keyboard. */
export function FileDrop({ title, hint, file, choose }: FileDropProps) {
  const { t, format } = useI18n();
  const [over, setOver] = useState(false);
  const take = async (files: FileList | null): Promise<void> => {
    const [one] = files ?? [];
    if (one) choose({ name: one.name, bytes: await one.arrayBuffer(), fromNode: false });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  const look = [styles.drop, over && styles.over, file && styles.chosen].filter(Boolean).join(' ');
  return (
    <label
      className={look}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span className={styles.icon} aria-hidden>
        {file ? <FileDoneOutlined /> : <InboxOutlined />}
      </span>
      <span className={styles.title}>{title}</span>
      <span className={styles.hint}>
        {file ? t('verify.given', { name: file.name, size: format.bytes(file.bytes.byteLength) }) : hint}
      </span>
      <input
        className="visually-hidden"
        type="file"
        accept=".json,application/json"
        onChange={({ target }) => {
          void take(target.files);
          target.value = '';
        }}
      />
    </label>
  );
}
