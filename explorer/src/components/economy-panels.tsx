/** Agents by rank, the treasury, and the rules: the parts that the console and the economy page share. */
import type { Economics } from '@dao-gov/node/protocol';
import { Link } from 'react-router';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { type Columns, DataTable } from './data-table.tsx';
import { economicRules } from './economic-rules.ts';
import styles from './economy-panels.module.css';
import { InlineMeter } from './meter.tsx';
import { PartyName, usePartyLabel } from './party-name.tsx';

type AgentEconomy = Economics['agents'][number];

/** Bounds of what reads as a good or a poor reputation; neutral is 50. */
const REPUTATION_GOOD = 60;
const REPUTATION_POOR = 40;
const REPUTATION_MAX = 100;

const toneOf = (reputation: number): 'good' | 'accent' | 'bad' =>
  reputation >= REPUTATION_GOOD ? 'good' : reputation < REPUTATION_POOR ? 'bad' : 'accent';

/** @param full with the columns that only the economy page has room for */
export function AgentsTable({
  agents,
  full = false,
}: {
  readonly agents: Economics['agents'];
  readonly full?: boolean;
}) {
  const { t, format } = useI18n();
  const label = usePartyLabel();
  const amount = (
    key: 'balance' | 'stake' | 'locked' | 'bond' | 'reboots',
    title: string,
  ): Columns<AgentEconomy>[number] => ({
    title,
    key,
    align: 'right',
    render: (_, agent) => <span className="number">{format.number(agent[key])}</span>,
  });
  const columns: Columns<AgentEconomy> = [
    {
      title: full ? t('economy.rank') : <abbr title={t('economy.rank')}>#</abbr>,
      key: 'rank',
      render: (_, { rank }) => <span className="number">{rank}</span>,
    },
    { title: t('economy.agent'), key: 'agent', render: (_, { party }) => <PartyName party={party} link /> },
    amount('balance', t('economy.balance')),
    amount('stake', t('economy.stake')),
    ...(full ? [amount('locked', t('economy.locked')), amount('bond', t('economy.bond'))] : []),
    {
      title: t('economy.reputation'),
      key: 'reputation',
      ...(full ? { width: 180 } : {}),
      render: (_, { reputation }) => (
        <InlineMeter part={reputation / REPUTATION_MAX} text={format.number(reputation)} tone={toneOf(reputation)} />
      ),
    },
    ...(full
      ? [
          {
            title: t('economy.weight'),
            key: 'weight',
            align: 'right' as const,
            render: (_: unknown, { weight }: AgentEconomy) => <span className="number">{format.weight(weight)}</span>,
          },
          amount('reboots', t('economy.reboots')),
          {
            title: t('economy.ledger'),
            key: 'ledger',
            render: (_: unknown, { party }: AgentEconomy) => (
              <Link
                to={`/economy?agent=${party.address}#ledger`}
                aria-label={t('ledger.openOf', { agent: label(party) })}
              >
                {t('ledger.open')}
              </Link>
            ),
          },
        ]
      : []),
  ];
  return (
    <DataTable
      label={t('economy.table')}
      columns={columns}
      rows={agents}
      rowKey={({ party }) => party.address}
      dense={!full}
    />
  );
}

export function TreasuryStrip({ treasury }: Pick<Economics, 'treasury'>) {
  const { t, format } = useI18n();
  const amounts = [
    [t('economy.treasury'), treasury.balance],
    [t('economy.escrow'), treasury.escrow],
    [t('economy.burned'), treasury.burned],
  ] as const;
  return (
    <dl className={styles.treasury}>
      {amounts.map(([label, value]) => (
        <div key={label} className={styles.amount}>
          <dt>{label}</dt>
          <dd className="number">{format.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function RulesList({ economics }: { readonly economics: Economics }) {
  const i18n = useI18n();
  return (
    <dl className={styles.rules}>
      {economicRules(economics, i18n).map(({ label, value }) => (
        <div key={label} className={styles.rule}>
          <dt>{label}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
