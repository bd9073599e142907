import { SafetyCertificateOutlined } from '@ant-design/icons';
import type { BlockDetail } from '@dao-gov/node/protocol';
import { FieldList } from '../../components/field-list.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { Meter } from '../../components/meter.tsx';
import { Panel } from '../../components/panel.tsx';
import { ToneTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './block-page.module.css';

/** Part of the power that a certificate must exceed. */
const QUORUM = 2 / 3;

/** Why the block is final: who signed, with how much power. */
export function FinalityPanel({ block }: { readonly block: BlockDetail }) {
  const { t, format } = useI18n();
  const { finality, finalizedByDescendant } = block;
  const { signers, power, totalPower } = finality;
  return (
    <Panel
      title={t('finality.title')}
      icon={<SafetyCertificateOutlined />}
      extra={
        <ToneTag tone="good">
          {finalizedByDescendant === 0
            ? t('finality.direct')
            : t('finality.byDescendant', { distance: format.number(finalizedByDescendant) })}
        </ToneTag>
      }
    >
      <div className={styles.stack}>
        <Meter
          label={t('finality.power')}
          part={power / Math.max(1, totalPower)}
          mark={QUORUM}
          text={`${format.number(power)} / ${format.number(totalPower)}`}
          tone="good"
        />
        <FieldList
          fields={[
            { label: t('finality.kind'), value: t(`finality.kind.${finality.kind}`) },
            { label: t('block.epoch'), value: format.number(finality.epoch) },
            { label: t('block.view'), value: format.number(finality.view) },
            { label: t('finality.block'), value: <HashText value={finality.block} /> },
          ]}
        />
      </div>
      <ul className={styles.signers} aria-label={t('finality.signers')}>
        {signers.map(({ validator, name }) => (
          <li key={validator}>
            <ToneTag tone="accent" icon="✓">
              {name}
            </ToneTag>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
