import { ControlOutlined } from '@ant-design/icons';
import type { ParamBound } from '@dao-gov/node/protocol';
import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { type Columns, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { rangeText, settingText } from '../../components/parameter-units.ts';
import { pollPath } from '../../components/poll-path.ts';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { type I18n, useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEconomics, useMotions } from '../../lib/queries.ts';
import { MOTIONS_HISTORY } from './constants.ts';
import styles from './governance.module.css';
import { type ParameterRow, parameterRows } from './parameters.ts';

function boundText(name: string, bound: ParamBound | null, i18n: I18n): string {
  const { t } = i18n;
  if (bound === null) return t('param.fixed');
  if ('oneOf' in bound) return bound.oneOf.map((one) => settingText(name, one, i18n)).join(t('param.or'));
  return rangeText(name, bound, i18n);
}

function Changed({ changed }: Pick<ParameterRow, 'changed'>) {
  const { t, format } = useI18n();
  if (changed === null) return <span className="soft">{t('param.asGenesis')}</span>;
  return (
    <Link to={pollPath('', changed.proposalId)}>
      {t('param.changedIn', { epoch: format.number(changed.epoch), number: format.number(changed.motion) })}
    </Link>
  );
}

function ParametersTable({ rows }: { readonly rows: readonly ParameterRow[] }) {
  const i18n = useI18n();
  const { t, name: nameOf } = i18n;
  const columns: Columns<ParameterRow> = [
    {
      title: t('param.name'),
      key: 'name',
      render: (_, { name }) => (
        <span className={styles.param}>
          {nameOf('param.of', name)} <code>{name}</code>
        </span>
      ),
    },
    {
      title: t('param.value'),
      key: 'value',
      align: 'right',
      render: (_, { name, value }) => <strong className="number">{settingText(name, value, i18n)}</strong>,
    },
    {
      title: t('param.bounds'),
      key: 'bounds',
      render: (_, { name, bound }) => (
        <span className={bound === null ? 'soft' : 'number'}>{boundText(name, bound, i18n)}</span>
      ),
    },
    { title: t('param.changed'), key: 'changed', render: (_, { changed }) => <Changed changed={changed} /> },
  ];
  return (
    <DataTable
      label={t('governance.parameters')}
      columns={columns}
      rows={rows}
      rowKey={({ name }) => name}
      empty={<EmptyState title={t('param.noMatch')} compact />}
    />
  );
}

/** The rules that hold now, within which bounds governance may set them, and when it last did. */
export function ParametersPanel() {
  const { t, name: nameOf } = useI18n();
  const query = useEconomics();
  const motions = useMotions({ limit: MOTIONS_HISTORY }).data?.items ?? [];
  const [search, setSearch] = useState('');
  const [changedOnly, setChangedOnly] = useState(false);
  const wanted = search.trim().toLowerCase();
  const matches = ({ name, changed }: ParameterRow): boolean =>
    (!changedOnly || changed !== null) && `${name} ${nameOf('param.of', name)}`.toLowerCase().includes(wanted);
  return (
    <Panel
      title={t('governance.parameters')}
      icon={<ControlOutlined />}
      flush
      extra={
        <div className={styles.filters}>
          <Input
            allowClear
            size="small"
            style={{ width: 200 }}
            aria-label={t('param.search')}
            placeholder={t('param.search')}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
          <Checkbox checked={changedOnly} onChange={({ target }) => setChangedOnly(target.checked)}>
            {t('param.changedOnly')}
          </Checkbox>
        </div>
      }
    >
      <QueryBody query={query} rows={12}>
        {({ params }) => <ParametersTable rows={parameterRows(params, motions).filter(matches)} />}
      </QueryBody>
    </Panel>
  );
}
