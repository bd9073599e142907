import { CrownOutlined, SyncOutlined } from '@ant-design/icons';
import type { ConsensusView } from '@dao-gov/node/protocol';
import { type Field, FieldList } from '../../components/field-list.tsx';
import { Meter } from '../../components/meter.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryBody } from '../../components/states.tsx';
import { type Tone, ToneTag } from '../../components/tags.tsx';
import { type I18n, useI18n } from '../../lib/i18n/use-i18n.ts';
import { useChain, useConsensus, useValidators } from '../../lib/queries.ts';
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

/** What a validator alone knows: votes and how long its own blocks take. */
function validatorFields({ notarizedHeight, finalizeMsP50 }: ConsensusView, { t, format }: I18n): readonly Field[] {
  return [
    { label: t('consensus.notarized'), value: format.number(notarizedHeight) },
    {
      label: t('consensus.latency'),
      value: finalizeMsP50 === null ? t('consensus.notMeasured') : format.duration(Math.round(finalizeMsP50)),
    },
  ];
}

function Phase({ phase, isValidator }: Pick<ConsensusView, 'phase'> & { readonly isValidator: boolean }) {
  const { t } = useI18n();
  if (!isValidator && phase !== 'syncing') return <ToneTag tone="info">{t('consensus.following')}</ToneTag>;
  return <ToneTag tone={PHASE_TONE[phase]}>{t(`consensus.phase.${phase}`)}</ToneTag>;
}

/** The view that consensus is in now, as this node sees it: a full node sees what has become final, and no votes. */
export function ConsensusPanel() {
  const i18n = useI18n();
  const { t, format } = i18n;
  const query = useConsensus();
  const isValidator = useChain().data?.node.validator !== false;
  return (
    <Panel
      title={t('consensus.title')}
      icon={<SyncOutlined />}
      extra={query.data && <Phase phase={query.data.phase} isValidator={isValidator} />}
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
                ...(isValidator ? validatorFields(consensus, i18n) : []),
              ]}
            />
            {isValidator ? <Votes votes={consensus.votes} /> : <p>{t('node.fullHint')}</p>}
          </>
        )}
      </QueryBody>
    </Panel>
  );
}
