import { type LogLine, ROLES } from '@dao-gov/node/protocol';
import { LogKindMark } from '../../components/log-kind.tsx';
import { RoleMark } from '../../components/party-name.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import type { LogFilter } from '../../lib/live/log-buffer.ts';
import { useParties } from '../../lib/parties.ts';
import styles from './live-log.module.css';

const KINDS: readonly LogLine['kind'][] = ['thought', 'action', 'observation', 'answer', 'event'];

const toggled = <T,>(chosen: readonly T[], one: T): readonly T[] =>
  chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];

interface LogFiltersProps {
  readonly filter: LogFilter;
  readonly change: (filter: LogFilter) => void;
}

/** Toggles by kind and by agent; none pressed shows everything. */
export function LogFilters({ filter, change }: LogFiltersProps) {
  const { t, name } = useI18n();
  const parties = [...useParties().values()];
  const agents = ROLES.flatMap((role) => parties.filter((party) => party.role === role));
  return (
    <div className={styles.filters}>
      <fieldset className={styles.group}>
        <legend className="visually-hidden">{t('log.filterKinds')}</legend>
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            className={styles.chip}
            aria-pressed={filter.kinds.includes(kind)}
            onClick={() => change({ ...filter, kinds: toggled(filter.kinds, kind) })}
          >
            <LogKindMark kind={kind} />
          </button>
        ))}
      </fieldset>
      <fieldset className={styles.group}>
        <legend className="visually-hidden">{t('log.filterAgents')}</legend>
        {agents.map(
          ({ address, role }) =>
            role && (
              <button
                key={address}
                type="button"
                className={styles.chip}
                aria-pressed={filter.agents.includes(address)}
                aria-label={name('role', role)}
                onClick={() => change({ ...filter, agents: toggled(filter.agents, address) })}
              >
                <RoleMark role={role} />
              </button>
            ),
        )}
      </fieldset>
    </div>
  );
}
