import { DownloadOutlined, SafetyOutlined } from '@ant-design/icons';
import type { IncidentDetail } from '@dao-gov/node/protocol';
import { Button } from 'antd';
import { Fragment } from 'react';
import { useParams } from 'react-router';
import { ChallengeWindow } from '../../components/challenge-window.tsx';
import { FieldList } from '../../components/field-list.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { isOpenPoll } from '../../components/proposal/poll.ts';
import { sopStages } from '../../components/sop-stages.ts';
import { SopStepper } from '../../components/sop-stepper.tsx';
import { QueryBody } from '../../components/states.tsx';
import { PriorityTag, SopStateTag } from '../../components/tags.tsx';
import { When } from '../../components/when.tsx';
import { useAnchor } from '../../lib/anchor.ts';
import { bundleUrl } from '../../lib/api.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useIncident } from '../../lib/queries.ts';
import { ChallengePanel } from './challenge-panel.tsx';
import { OutcomeReports } from './outcome-reports.tsx';
import { OverturnedNotice } from './overturned-notice.tsx';
import { ProposalPanel } from './proposal-panel.tsx';
import { SettlementPanel } from './settlement-panel.tsx';
import { StepTimeline } from './step-timeline.tsx';

function BundleLinks({ incidentId }: { readonly incidentId: string }) {
  const { t } = useI18n();
  return (
    <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: 8 }}>
      <Button
        type="primary"
        icon={<DownloadOutlined />}
        href={bundleUrl(incidentId)}
        download={`${incidentId}.bundle.json`}
      >
        {t('incident.bundle')}
      </Button>
      <LinkButton to={`/verify?incident=${incidentId}`} icon={<SafetyOutlined />}>
        {t('incident.verify')}
      </LinkButton>
    </span>
  );
}

function Overview({ incident }: { readonly incident: IncidentDetail }) {
  const { t, name, format } = useI18n();
  const { alert, scope, challengeEndsAtMs, closedAtMs } = incident;
  const challenged = incident.challenges.some(isOpenPoll);
  return (
    <Panel title={t('incident.overview')} extra={<SopStateTag state={incident.state} />}>
      <SopStepper stages={sopStages(incident)} />
      <div style={{ marginTop: 16 }}>
        <ChallengeWindow incident={incident} />
        <FieldList
          fields={[
            { label: t('incident.alert'), value: `${alert.node} · ${alert.metric}` },
            { label: t('incident.alertAt'), value: <When atMs={alert.atMs} /> },
            { label: t('incident.source'), value: alert.source },
            { label: t('incident.alertId'), value: <HashText value={incident.alertId} /> },
            { label: t('incident.opened'), value: <When atMs={incident.openedAtMs} /> },
            {
              label: t('incident.closed'),
              value: closedAtMs > 0 ? <When atMs={closedAtMs} /> : t('incident.stillOpen'),
            },
            {
              label: t('proposal.rootCause'),
              value: incident.rootCause
                ? `${incident.rootCause} · ${name('faultKind', incident.faultKind)}`
                : t('incident.noRootCause'),
            },
            { label: t('proposal.round'), value: format.number(incident.round) },
            {
              label: t('incident.challengeEnds'),
              value: challenged ? (
                t('window.pausedShort')
              ) : challengeEndsAtMs > 0 ? (
                <When atMs={challengeEndsAtMs} />
              ) : (
                '–'
              ),
            },
            { label: t('incident.scope'), value: scope.length > 0 ? scope.join(', ') : '–', wide: true },
          ]}
        />
      </div>
    </Panel>
  );
}

/** Each claim with the challenges of it, the newest claim first. */
function Claims({ incident: { proposals, challenges } }: { readonly incident: IncidentDetail }) {
  return proposals.toReversed().map((proposal) => (
    <Fragment key={proposal.proposalId}>
      <ProposalPanel proposal={proposal} />
      {challenges
        .filter(({ claim }) => claim === proposal.proposalId)
        .map((challenge) => (
          <ChallengePanel key={challenge.proposalId} challenge={challenge} />
        ))}
    </Fragment>
  ));
}

function IncidentContent({ incident }: { readonly incident: IncidentDetail }) {
  const wasSolved = incident.outcomeReports.length > 0 || incident.challengeEndsAtMs > 0;
  useAnchor(true);
  return (
    <>
      <OverturnedNotice incident={incident} />
      <Overview incident={incident} />
      <Claims incident={incident} />
      {wasSolved && <OutcomeReports reports={incident.outcomeReports} />}
      <SettlementPanel incidentId={incident.incidentId} />
      <StepTimeline incident={incident} />
    </>
  );
}

export function IncidentPage() {
  const { t } = useI18n();
  const { incidentId = '' } = useParams();
  const query = useIncident(incidentId);
  const heading = query.data && (
    <>
      {incidentId} <PriorityTag priority={query.data.priority} /> {query.data.title}
    </>
  );
  return (
    <Page
      name={t('incident.title', { incident: incidentId })}
      heading={heading ?? incidentId}
      extra={query.data && <BundleLinks incidentId={incidentId} />}
    >
      <QueryBody query={query} rows={10}>
        {(incident) => <IncidentContent incident={incident} />}
      </QueryBody>
    </Page>
  );
}
