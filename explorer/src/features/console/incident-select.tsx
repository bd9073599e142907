import type { SopStatus } from '@dao-gov/node/protocol';
import { Select } from 'antd';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useIncidents } from '../../lib/queries.ts';

/** Incidents offered for choice; older ones are on the incidents page. */
const OFFERED_MAX = 30;
const FOREGROUND = '';

interface IncidentSelectProps {
  readonly sop: SopStatus | undefined;
  readonly chosen: string | undefined;
  readonly choose: (incidentId: string | undefined) => void;
}

/** Appears once there is a choice. Without one, the console follows the newest open incident. */
export function IncidentSelect({ sop, chosen, choose }: IncidentSelectProps) {
  const { t, name } = useI18n();
  const { data } = useIncidents({ limit: OFFERED_MAX });
  if (!data || data.items.length < 2) return null;
  const foreground = sop?.incident?.incidentId;
  return (
    <Select
      aria-label={t('console.chooseIncident')}
      style={{ width: 380, maxWidth: '100%' }}
      value={chosen ?? FOREGROUND}
      onChange={(value) => choose(value === FOREGROUND ? undefined : value)}
      options={[
        {
          value: FOREGROUND,
          label: foreground ? t('console.follow', { incident: foreground }) : t('console.followNewest'),
        },
        ...data.items.map(({ incidentId, title, state }) => ({
          value: incidentId,
          label: `${incidentId} · ${name('stage', state)} · ${title}`,
        })),
      ]}
    />
  );
}
