import type { Party, Role } from '@dao-gov/node/protocol';
import { ROLE_TITLES } from '@dao-gov/node/protocol';
import type { CSSProperties } from 'react';
import { Link } from 'react-router';
import { shortHash } from '../lib/format.ts';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import styles from './party-name.module.css';

/** One quiet hue a role; the tag beside it says the same in letters. */
const ROLE_HUE: Readonly<Record<Role, string>> = {
  alert_receiver: '#c2553f',
  process_scheduler: '#8d6a1a',
  data_detective: '#1d7f78',
  dependency_explorer: '#2a6bb4',
  probability_oracle: '#6753c4',
  fault_mapper: '#a2468c',
  solution_engineer: '#2d7d4a',
};

export function RoleMark({ role }: { readonly role: Role }) {
  const { name } = useI18n();
  const style = { '--hue': ROLE_HUE[role] } as CSSProperties;
  return (
    <span className={styles.mark} style={style} title={name('role', role)}>
      {ROLE_TITLES[role].tag}
    </span>
  );
}

/** Display name: the role's in the reader's language, else the account's own, else its address. */
export function usePartyLabel(): (party: Party) => string {
  const { name } = useI18n();
  return ({ role, name: own, address }) => (role ? name('role', role) : own || shortHash(address, 6, 4));
}

export function PartyName({ party, link = false }: { readonly party: Party; readonly link?: boolean }) {
  const label = usePartyLabel()(party);
  const title = party.name ? `${party.name} · ${party.address}` : party.address;
  return (
    <span className={styles.party} title={title}>
      {party.role && <RoleMark role={party.role} />}
      {link ? (
        <Link className={styles.name} to={`/transactions?sender=${party.address}`}>
          {label}
        </Link>
      ) : (
        <span className={styles.name}>{label}</span>
      )}
    </span>
  );
}
