import { ApartmentOutlined, ThunderboltOutlined } from '@ant-design/icons';
import type { IncidentDetail, SopStatus } from '@dao-gov/node/protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ChallengeWindow } from '../../components/challenge-window.tsx';
import { incidentPath } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { RoleMark } from '../../components/party-name.tsx';
import { sopStages, stepDue } from '../../components/sop-stages.ts';
import { SopStepper } from '../../components/sop-stepper.tsx';
import { QueryBody } from '../../components/states.tsx';
import { PriorityTag, SopStateTag } from '../../components/tags.tsx';
import { Ago, When } from '../../components/when.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useChain, useEconomics } from '../../lib/queries.ts';
import { NoIncident } from './no-incident.tsx';
import styles from './procedure-panel.module.css';

function IncidentHead({ incident }: { readonly incident: IncidentDetail }) {
  const { t, format } = useI18n();
  const { alert, openedAtMs, closedAtMs } = incident;
  return (
    <div className={styles.head}>
      <div className={styles.title}>
        <Link to={incidentPath(incident.incidentId)} className={styles.id}>
          {incident.incidentId}
        </Link>
        <PriorityTag priority={incident.priority} />
        <SopStateTag state={incident.state} />
        <span>{incident.title}</span>
      </div>
      <dl className={styles.alert}>
        <div>
          <dt>{t('incident.alert')} </dt>
          <dd className="mono">
            {alert.node} · {alert.metric}
          </dd>
        </div>
        <div>
          <dt>{t('incident.source')} </dt>
          <dd>{alert.source}</dd>
        </div>
        <div>
          <dt>{t('incident.opened')} </dt>
          <dd>
            <When atMs={openedAtMs} />{' '}
            {closedAtMs > 0 ? t('incident.tookTime', { time: format.duration(closedAtMs - openedAtMs) }) : null}
            {closedAtMs === 0 && (
              <>
                (<Ago atMs={openedAtMs} />)
              </>
            )}
          </dd>
        </div>
      </dl>
    </div>
  );
}

/** What happens next, and who has to do it. */
function NextStep({ incident }: { readonly incident: IncidentDetail }) {
  const { t, name, format } = useI18n();
  const blockTimeMs = useChain().data?.timestampMs ?? incident.stepOpenedAtMs;
  const stepDeadlineMs = useEconomics().data?.params.stepDeadlineMs ?? null;
  const due = stepDue(incident, blockTimeMs, stepDeadlineMs);
  if (due !== null) {
    return (
      <div className={styles.due} role="status">
        <ThunderboltOutlined aria-hidden />
        <span>
          {t('sop.due')} <strong>{name('step', due.step)}</strong>
        </span>
        <span>
          <RoleMark role={due.role} /> {name('role', due.role)}
        </span>
        {due.alternates.length > 0 && (
          <span>
            {t('sop.orBy')}{' '}
            <span className={styles.alternates}>
              {due.alternates.map((role) => (
                <RoleMark key={role} role={role} />
              ))}
            </span>
          </span>
        )}
        <span className={styles.note}>{t('sop.waited', { time: format.duration(due.waitedMs) })}</span>
      </div>
    );
  }
  if (incident.state === 'Root_Cause_Proposed') {
    return (
      <div className={styles.due} role="status">
        <ThunderboltOutlined aria-hidden />
        <span>{t('sop.votesOut')}</span>
      </div>
    );
  }
  return <ChallengeWindow incident={incident} />;
}

interface ProcedurePanelProps {
  readonly sop: UseQueryResult<SopStatus>;
  readonly incident: IncidentDetail | null;
}

/** The operating procedure of the incident that is shown. */
export function ProcedurePanel({ sop, incident }: ProcedurePanelProps) {
  const { t, format } = useI18n();
  return (
    <Panel title={t('sop.title')} icon={<ApartmentOutlined />}>
      <QueryBody query={sop}>
        {({ untriagedAlerts }) => (
          <div className={styles.incident}>
            {incident !== null && <IncidentHead incident={incident} />}
            <SopStepper stages={sopStages(incident)} />
            {untriagedAlerts > 0 && (
              <p className={styles.note}>{t('sop.untriaged', { count: format.number(untriagedAlerts) })}</p>
            )}
            {incident === null ? <NoIncident /> : <NextStep incident={incident} />}
          </div>
        )}
      </QueryBody>
    </Panel>
  );
}
