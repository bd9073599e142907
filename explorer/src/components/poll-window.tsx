import { useBlockTimeLeftMs } from '../lib/block-time.ts';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { type PollView, phaseEndsAtMs } from './proposal/poll.ts';
import { When } from './when.tsx';

/** How long the present phase of an open vote still lasts; nothing for a decided one. */
export function PollWindow({ poll }: { readonly poll: PollView }) {
  const { t, format } = useI18n();
  const { status } = poll;
  const endsAtMs = phaseEndsAtMs(poll);
  const leftMs = useBlockTimeLeftMs(endsAtMs ?? 0);
  if (endsAtMs === null || leftMs === undefined) return null;
  if (status !== 'committing' && status !== 'revealing' && status !== 'voting') return null;
  return (
    <p className="soft" role="timer" title={t('window.blockTime')}>
      {leftMs > 0 ? t(`vote.window.${status}`, { time: format.duration(leftMs) }) : t('window.overdue')}{' '}
      <span>
        ({t('window.until')} <When atMs={endsAtMs} />)
      </span>
    </p>
  );
}
