/** Self-government made visible: what is moved, how the votes stand, when it takes effect, and the rules that hold now. */

import { CursorPager, useCursor } from '../../components/cursor-pager.tsx';
import { ExportMenu } from '../../components/export-menu.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { motionStatus } from '../../components/tags.tsx';
import { useAnchor } from '../../lib/anchor.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useMotions } from '../../lib/queries.ts';
import { MOTIONS_ROWS } from './constants.ts';
import { GovernanceStrip } from './governance-strip.tsx';
import { MotionCard } from './motion-card.tsx';
import { ParametersPanel } from './parameters-panel.tsx';

export function GovernancePage() {
  const { t } = useI18n();
  const before = useCursor();
  const query = useMotions(before === undefined ? { limit: MOTIONS_ROWS } : { limit: MOTIONS_ROWS, before });
  useAnchor(query.data !== undefined);
  return (
    <Page name={t('governance.title')} intro={t('governance.intro')} extra={<ExportMenu what="events" />}>
      <GovernanceStrip motions={query.data?.items ?? []} />
      <QueryBody query={query} rows={6}>
        {({ items, next }) => {
          const open = items.filter((motion) => motionStatus(motion) === 'open');
          const closed = items.filter((motion) => motionStatus(motion) !== 'open');
          return (
            <>
              {open.map((motion) => (
                <MotionCard key={motion.proposalId} motion={motion} open />
              ))}
              {items.length === 0 ? (
                <Panel title={t('governance.open')}>
                  <EmptyState title={t('governance.none')}>{t('governance.noneHint')}</EmptyState>
                </Panel>
              ) : (
                open.length === 0 && before === undefined && <EmptyState title={t('governance.noneOpen')} compact />
              )}
              {closed.map((motion) => (
                <MotionCard key={motion.proposalId} motion={motion} />
              ))}
              <CursorPager next={next} shown={items.length} />
            </>
          );
        }}
      </QueryBody>
      <ParametersPanel />
    </Page>
  );
}
