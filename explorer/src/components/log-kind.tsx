import { BlockOutlined, BulbOutlined, EyeOutlined, FlagOutlined, ToolOutlined } from '@ant-design/icons';
import type { LogLine } from '@dao-gov/node/protocol';
import type { ReactNode } from 'react';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import styles from './log-kind.module.css';

const ICONS: Readonly<Record<LogLine['kind'], ReactNode>> = {
  thought: <BulbOutlined />,
  action: <ToolOutlined />,
  observation: <EyeOutlined />,
  answer: <FlagOutlined />,
  event: <BlockOutlined />,
};

/** CSS class that sets `--kind`, the colour of a kind of line. */
export const logKindClass = (kind: LogLine['kind']): string => styles[kind] ?? '';

/** The kind of a line of the log: icon, word and colour. */
export function LogKindMark({ kind }: Pick<LogLine, 'kind'>) {
  const { t } = useI18n();
  return (
    <span className={`${styles.mark} ${styles[kind]}`}>
      <span aria-hidden>{ICONS[kind]}</span>
      {t(`log.kind.${kind}`)}
    </span>
  );
}
