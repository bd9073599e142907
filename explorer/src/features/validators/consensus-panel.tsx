import { CrownOutlined, SyncOutlined } from '@ant-design/icons';
import type { ConsensusView } from '@dao-gov/node/protocol';
import { FieldList } from '../../components/field-list.tsx';
import { Meter } from '../../components/meter.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryBody } from '../../components/states.tsx';
import { type Tone, ToneTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useConsensus, useValidators } from '../../lib/queries.ts';
import styles from './validators-page.module.css';

const PHASE_TONE: Readonly<Record<ConsensusView['phase'], Tone>> = {
  idle: 'quiet',
  proposing: 'accent',
  notarizing: 'info',
  nullifying: 'warn',
  syncing: 'warn',
};

const KINDS = ['notarize', 'nullify', 'finalize'] as const;

/** Votes of the present view as a part of the power that decides. */
function Votes({ votes }: Pick<ConsensusView, 'votes'>) {
  const { t, format } = useI18n();
  const { data } = useValidators();
  const total = Math.max(1, data?.validators.length ?? 1);
  return (
    <div className={styles.votes}>
      {KINDS.map((kind) => (
        <Meter
          key={kind}
          label={t(`consensus.votes.${kind}`)}
          part={votes[kind] / total}
          text={`${format.number(votes[kind])} / ${format.number(total)}`}
          tone={kind === 'nullify' ? 'warn' : 'good'}
        />
      ))}
    </div>
  );
}

/** The view that consensus is in now, as this node sees it. */
export function ConsensusPanel() {
  const { t, format } = useI18n();
  const query = useConsensus();
  return (
    <Panel
      title={t('consensus.title')}
      icon={<SyncOutlined />}
      extra={
        query.data && <ToneTag tone={PHASE_TONE[query.data.phase]}>{t(`consensus.phase.${query.data.phase}`)}</ToneTag>
      }
    >
      <QueryBody query={query}>
        {(consensus) => (
          <>
            <FieldList
              columnPx={260}
              fields={[
                { label: t('block.epoch'), value: format.number(consensus.epoch) },
                { label: t('block.view'), value: format.number(consensus.view) },
                {
                  label: t('consensus.leader'),
                  value: (
                    <>
                      <CrownOutlined aria-hidden /> {consensus.leaderName}{' '}
                      {consensus.leaderSkipped && <ToneTag tone="warn">{t('consensus.leaderSkipped')}</ToneTag>}
                    </>
                  ),
                },
                { label: t('consensus.finalized'), value: format.number(consensus.finalizedHeight) },
                { label: t('consensus.notarized'), value: format.number(consensus.notarizedHeight) },
                {
                  label: t('consensus.latency'),
                  value:
                    consensus.finalizeMsP50 === null
                      ? t('consensus.notMeasured')
                      : format.duration(Math.round(consensus.finalizeMsP50)),
                },
              ]}
            />
            <Votes votes={consensus.votes} />
          </>
        )}
      </QueryBody>
    </Panel>
  );
}
