import { SafetyOutlined } from '@ant-design/icons';
import type { Solution } from '@dao-gov/node/protocol';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { RiskTag, ToneTag } from '../tags.tsx';
import styles from './evidence.module.css';

/** The repair steps in their order: what to do, why, how to see that it worked, and what it risks. */
export function SolutionView({ solution }: { readonly solution: Solution }) {
  const { t, pick } = useI18n();
  return (
    <>
      {solution.similar !== undefined && solution.similar.length > 0 && (
        <p className={styles.caption}>
          {t('solution.similar')}{' '}
          {solution.similar
            .map(
              ({ incidentId, rootCause, outcome }) =>
                `${incidentId} ${rootCause} (${t(`solution.outcome.${outcome}`)})`,
            )
            .join('; ')}
        </p>
      )}
      <ol className={styles.steps}>
        {solution.steps.map(({ stepId, action, description, check, risk, needsApproval }) => (
          <li key={stepId} className={styles.step}>
            <span className={styles.number}>{stepId}</span>
            <div>
              <div className={styles.stepHead}>
                <span>{pick(action)}</span>
                <RiskTag risk={risk} />
                {needsApproval && (
                  <ToneTag tone="info" icon={<SafetyOutlined />}>
                    {t('solution.needsApproval')}
                  </ToneTag>
                )}
              </div>
              <p>{pick(description)}</p>
              <p className={styles.check}>
                {t('solution.check')} {pick(check)}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}
