import type { LogLine } from '@dao-gov/node/protocol';
import { memo } from 'react';
import { Link } from 'react-router';
import { Clamp } from '../../components/clamp.tsx';
import { EventSentence } from '../../components/event-sentence.tsx';
import { BlockHeight, incidentPath, transactionPath } from '../../components/hash-text.tsx';
import { LogKindMark, logKindClass } from '../../components/log-kind.tsx';
import { PartyName } from '../../components/party-name.tsx';
import { isSystemTransaction } from '../../components/system-transaction.ts';
import { shortHash } from '../../lib/format.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './live-log.module.css';

/** Lines of text shown before the rest is asked for. */
const TEXT_LINES = 6;

function LineContent({ line }: { readonly line: LogLine }) {
  const { name, pick } = useI18n();
  if (line.kind === 'event') {
    return (
      <>
        <p className={styles.eventName}>{name('event', line.event ?? '')}</p>
        <EventSentence name={line.event ?? ''} data={line.data} />
      </>
    );
  }
  return (
    <Clamp lines={TEXT_LINES}>
      <p className={styles.text}>
        {line.tool !== null && <code className={styles.tool}>{line.tool}</code>} {pick(line.text)}
      </p>
    </Clamp>
  );
}

/** One line: who, what kind, when; the content; and where on the chain it stands. */
export const LogLineItem = memo(function LogLineItem({ line }: { readonly line: LogLine }) {
  const { t, format } = useI18n();
  return (
    <article className={`${styles.line} ${logKindClass(line.kind)}`}>
      <div className={styles.head}>
        <LogKindMark kind={line.kind} />
        {line.agent && <PartyName party={line.agent} />}
        <time className={styles.time} dateTime={new Date(line.timestampMs).toISOString()}>
          {format.timeOfDay(line.timestampMs)}
        </time>
      </div>
      <LineContent line={line} />
      <div className={styles.anchor}>
        {isSystemTransaction(line.transaction) ? (
          <span>{t('log.byChain')}</span>
        ) : (
          <Link to={transactionPath(line.transaction)} className="mono" title={line.transaction}>
            {shortHash(line.transaction)}
          </Link>
        )}
        <BlockHeight height={line.height} />
        {line.incidentId && (
          <Link to={incidentPath(line.incidentId)} className="mono">
            {line.incidentId}
          </Link>
        )}
      </div>
    </article>
  );
});
