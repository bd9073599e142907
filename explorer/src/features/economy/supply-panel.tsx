import { CheckCircleOutlined, PieChartOutlined, WarningOutlined } from '@ant-design/icons';
import type { Economics } from '@dao-gov/node/protocol';
import { Panel } from '../../components/panel.tsx';
import { ToneTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './economy-page.module.css';
import { type Supply, supplyOf } from './supply.ts';

function Verdict({ supply: { elsewhere } }: { readonly supply: Supply }) {
  const { t, format } = useI18n();
  if (elsewhere < 0) {
    return (
      <ToneTag tone="bad" icon={<WarningOutlined />}>
        {t('supply.tooMuch', { amount: format.number(-elsewhere) })}
      </ToneTag>
    );
  }
  return (
    <ToneTag tone="good" icon={<CheckCircleOutlined />}>
      {elsewhere === 0 ? t('supply.balanced') : t('supply.elsewhere', { amount: format.number(elsewhere) })}
    </ToneTag>
  );
}

/** Every token that exists, by where it is, and the equation that it must satisfy. */
export function SupplyPanel({ economics }: { readonly economics: Economics }) {
  const { t, format } = useI18n();
  const supply = supplyOf(economics);
  const equation = [
    supply.holdings.map(({ amount }) => format.number(amount)).join(' + '),
    supply.elsewhere > 0 ? ` + ${format.number(supply.elsewhere)}` : '',
    ` = ${format.number(supply.genesisSupply)} + ${format.number(supply.minted)}`,
  ].join('');
  return (
    <Panel title={t('supply.title')} icon={<PieChartOutlined />}>
      <div className={styles.bar} aria-hidden>
        {supply.holdings.map(({ holding, amount }) => (
          <span
            key={holding}
            className={`${styles.part} ${styles[holding]}`}
            style={{ flexGrow: amount, display: amount === 0 ? 'none' : 'block' }}
          />
        ))}
      </div>
      <table className={styles.sum}>
        <caption className="visually-hidden">{t('supply.title')}</caption>
        <tbody>
          {supply.holdings.map(({ holding, amount }) => (
            <tr key={holding}>
              <th scope="row">
                <span className={`${styles.swatch} ${styles[holding]}`} aria-hidden />
                {t(`supply.${holding}`)}
              </th>
              <td className="number">{format.number(amount)}</td>
              <td className="number soft">
                {format.percent(Math.round((amount / Math.max(1, supply.issued)) * 1_000))}
              </td>
            </tr>
          ))}
          <tr className={styles.total}>
            <th scope="row">{t('supply.issued')}</th>
            <td className="number">{format.number(supply.issued)}</td>
            <td />
          </tr>
        </tbody>
      </table>
      <p className={styles.equation}>
        <span className="soft">{t('supply.equation')}</span>
        <br />
        {equation}
      </p>
      <div className={styles.verdict}>
        <Verdict supply={supply} />
      </div>
    </Panel>
  );
}
