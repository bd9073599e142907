import { MedicineBoxOutlined } from '@ant-design/icons';
import type { IncidentDetail } from '@dao-gov/node/protocol';
import { SolutionOf } from '../../components/evidence/evidence-view.tsx';
import { Panel } from '../../components/panel.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';

/** The repair steps, once they are on the chain. */
export function SolutionPanel({ incident }: { readonly incident: IncidentDetail | null }) {
  const { t } = useI18n();
  const hash = incident?.steps.findLast(({ step }) => step === 'submit_solution')?.evidence[0];
  if (hash === undefined) return null;
  return (
    <Panel title={t('solution.title')} icon={<MedicineBoxOutlined />}>
      <SolutionOf hash={hash} />
    </Panel>
  );
}
