import type { IncidentDetail } from '@dao-gov/node/protocol';
import { Alert } from 'antd';
import { Link } from 'react-router';
import { pollPath } from '../../components/poll-path.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';

/** A verdict that no longer holds must never be read as one that does: said at the top, once for each that fell. */
export function OverturnedNotice({ incident }: { readonly incident: IncidentDetail }) {
  const { t } = useI18n();
  const fallen = incident.proposals.filter(({ status }) => status === 'overturned');
  return fallen.map(({ proposalId, round, rootCause, overturnedBy, incidentId }) => (
    <Alert
      key={proposalId}
      type="error"
      showIcon
      title={t('verdict.overturned', { round })}
      description={
        <>
          {overturnedBy !== '' && t(`verdict.overturnedBy.${overturnedBy}`, { rootCause })} {t('verdict.wasPassed')}{' '}
          <Link to={pollPath(incidentId, proposalId)}>{t('proposal.title', { round })}</Link>
        </>
      }
    />
  ));
}
