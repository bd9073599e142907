/** The operations console: live log, operating procedure with the vote, economy. */
import { useSearchParams } from 'react-router';
import { Page } from '../../components/page.tsx';
import { QueryBody } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useIncident, useSop } from '../../lib/queries.ts';
import { ChallengePanel } from './challenge-panel.tsx';
import styles from './console-page.module.css';
import { EconomyColumn } from './economy-column.tsx';
import { IncidentSelect } from './incident-select.tsx';
import { LiveLog } from './live-log.tsx';
import { ProcedurePanel } from './procedure-panel.tsx';
import { SolutionPanel } from './solution-panel.tsx';
import { VotePanel } from './vote-panel.tsx';

const INCIDENT = 'incident';

/** The incident that the reader chose, else the one that the node has in the foreground. */
function useShownIncident() {
  const [query, setQuery] = useSearchParams();
  const chosen = query.get(INCIDENT) ?? undefined;
  const sop = useSop();
  const foreground = sop.data?.incident ?? null;
  const other = useIncident(chosen !== undefined && chosen !== foreground?.incidentId ? chosen : undefined);
  const choose = (incidentId: string | undefined): void =>
    setQuery(incidentId === undefined ? {} : { [INCIDENT]: incidentId }, { replace: true });
  const incident = chosen === undefined || chosen === foreground?.incidentId ? foreground : (other.data ?? null);
  return { sop, chosen, choose, incident, other };
}

export function ConsolePage() {
  const { t } = useI18n();
  const { sop, chosen, choose, incident, other } = useShownIncident();
  const loadingOther = other.isEnabled && other.data === undefined;
  return (
    <Page
      name={t('console.title')}
      intro={t('console.intro')}
      extra={<IncidentSelect sop={sop.data} chosen={chosen} choose={choose} />}
    >
      <div className={styles.console}>
        <LiveLog className={styles.log} />
        <div className={`${styles.column} ${styles.centre}`}>
          {loadingOther ? (
            <QueryBody query={other}>{() => null}</QueryBody>
          ) : (
            <>
              <ProcedurePanel sop={sop} incident={incident} />
              <VotePanel incident={incident} />
              <ChallengePanel incident={incident} />
              <SolutionPanel incident={incident} />
            </>
          )}
        </div>
        <div className={`${styles.column} ${styles.side}`}>
          <EconomyColumn />
        </div>
      </div>
    </Page>
  );
}
