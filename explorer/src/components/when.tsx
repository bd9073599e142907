import { useI18n } from '../lib/i18n/use-i18n.ts';
import { useNow } from '../lib/now.ts';

/** A moment in the reader's time zone; the exact instant is in the element. */
export function When({ atMs }: { readonly atMs: number }) {
  const { format } = useI18n();
  return (
    <time className="number" dateTime={new Date(atMs).toISOString()} style={{ whiteSpace: 'nowrap' }}>
      {format.dateTime(atMs)}
    </time>
  );
}

/** The same as a distance from now, renewed every second. */
export function Ago({ atMs }: { readonly atMs: number }) {
  const { format } = useI18n();
  const nowMs = useNow();
  return (
    <time className="number" dateTime={new Date(atMs).toISOString()} title={format.dateTime(atMs)}>
      {format.ago(atMs, nowMs)}
    </time>
  );
}
