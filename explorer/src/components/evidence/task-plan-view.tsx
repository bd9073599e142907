import type { TaskPlan } from '@dao-gov/node/protocol';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { RoleMark } from '../party-name.tsx';
import styles from './evidence.module.css';

/** Who is to do what. */
export function TaskPlanView({ plan }: { readonly plan: TaskPlan }) {
  const { name, pick } = useI18n();
  return (
    <ol className={styles.steps}>
      {plan.tasks.map(({ role, task }) => (
        <li key={`${role} ${task.en}`} className={styles.step}>
          <RoleMark role={role} />
          <div>
            <strong>{name('role', role)}</strong>
            <p>{pick(task)}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
