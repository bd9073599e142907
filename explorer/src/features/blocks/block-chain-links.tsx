import { ArrowRightOutlined } from '@ant-design/icons';
import type { BlockDetail } from '@dao-gov/node/protocol';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { blockPath } from '../../components/hash-text.tsx';
import { shortHash } from '../../lib/format.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './block-page.module.css';

type Neighbour = BlockDetail['previous'];

function NeighbourCard({ block, absent }: { readonly block: Neighbour; readonly absent: string }) {
  if (block === null) return <div className={`${styles.block} ${styles.missing}`}>{absent}</div>;
  return (
    <Link to={blockPath(block.height)} className={styles.block}>
      <span className={`number ${styles.height}`}>#{block.height}</span>
      <span className="mono soft">{shortHash(block.hash)}</span>
    </Link>
  );
}

const Arrow = (): ReactNode => (
  <span className={styles.link} aria-hidden>
    <ArrowRightOutlined />
  </span>
);

/** The block between its parent and its child. */
export function BlockChainLinks({ block }: { readonly block: BlockDetail }) {
  const { t } = useI18n();
  return (
    <nav className={styles.chain} aria-label={t('block.chain')}>
      <NeighbourCard block={block.previous} absent={t('block.genesis')} />
      <Arrow />
      <div className={`${styles.block} ${styles.here}`} aria-current="page">
        <span className={`number ${styles.height}`}>#{block.height}</span>
        <span className="mono soft">{shortHash(block.hash)}</span>
      </div>
      <Arrow />
      <NeighbourCard block={block.next} absent={t('block.newest')} />
    </nav>
  );
}
