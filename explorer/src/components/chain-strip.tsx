import { Link } from 'react-router';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { useChain } from '../lib/queries.ts';
import { blockPath, HashText } from './hash-text.tsx';
import { NodeName } from './node-name.tsx';
import { QueryBody } from './states.tsx';
import { type Figure, SummaryStrip } from './summary-strip.tsx';
import { Ago } from './when.tsx';

/** The chain at a glance, as this node sees it. */
export function ChainStrip() {
  const { t, format } = useI18n();
  const query = useChain();
  return (
    <QueryBody query={query} rows={1}>
      {({ height, pending, chainId, hash, node, peers, timestampMs }) => {
        const items: readonly Figure[] = [
          {
            label: t('chain.height'),
            value: height > 0 ? <Link to={blockPath(height)}>{format.number(height)}</Link> : '0',
          },
          { label: t('chain.pending'), value: format.number(pending) },
          { label: t('chain.newestBlock'), value: height > 0 ? <Ago atMs={timestampMs} /> : '–' },
          { label: t('chain.newestHash'), value: <HashText value={hash} /> },
          { label: t('chain.id'), value: chainId },
          { label: t('chain.node'), value: <NodeName node={node} /> },
          { label: t('chain.peers'), value: format.number(peers) },
        ];
        return <SummaryStrip label={t('blocks.intro')} items={items} />;
      }}
    </QueryBody>
  );
}
