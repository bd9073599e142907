import { ArrowRightOutlined } from '@ant-design/icons';
import type { MotionView } from '@dao-gov/node/protocol';
import { settingText } from '../../components/parameter-units.ts';
import { PartyName } from '../../components/party-name.tsx';
import { motionStatus } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './governance.module.css';

/** What a motion would do: the settings it changes, or whom it pays. */
export function MotionSubject({ motion }: { readonly motion: MotionView }) {
  const i18n = useI18n();
  const { t, name: nameOf, format } = i18n;
  if (motion.kind === 'spending') {
    return (
      <p className={styles.subject}>
        {t('motion.pay', { amount: format.number(motion.amount) })} {motion.to && <PartyName party={motion.to} link />}
      </p>
    );
  }
  // Once in effect, what holds now is the motion's own setting, or that of a later one: no longer what it changed from.
  const compares = motionStatus(motion) !== 'enacted';
  return (
    <ul className={styles.changes}>
      {motion.changes.map(({ name, value, current }) => (
        <li key={name}>
          <span className={styles.param}>
            {nameOf('param.of', name)} <code>{name}</code>
          </span>
          <span className="number">
            {compares && current !== value && (
              <>
                {settingText(name, current, i18n)} <ArrowRightOutlined aria-label="→" />{' '}
              </>
            )}
            <strong>{settingText(name, value, i18n)}</strong>
          </span>
        </li>
      ))}
    </ul>
  );
}
