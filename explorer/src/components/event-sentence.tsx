import { useI18n } from '../lib/i18n/use-i18n.ts';
import { sentenceKey } from './event-case.ts';
import styles from './event-fields.module.css';
import { EventFields } from './event-fields.tsx';
import { FieldValue } from './field-value.tsx';

interface EventSentenceProps {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What happened and why, in a sentence whose values lead on; the bare fields of an event that nobody put into words. */
export function EventSentence({ name, data }: EventSentenceProps) {
  const { parts } = useI18n();
  const sentence = parts(sentenceKey(name, data));
  if (sentence === undefined) return <EventFields data={data} />;
  return (
    <p className={styles.sentence}>
      {sentence.map((part) =>
        'text' in part ? (
          part.text
        ) : (
          <FieldValue key={part.placeholder} field={part.placeholder} value={data[part.placeholder]} data={data} />
        ),
      )}
    </p>
  );
}
