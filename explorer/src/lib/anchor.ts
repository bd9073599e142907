/** Brings what the address names after `#` into view, also when it is drawn only after its data has come. */
import { useEffect, useRef } from 'react';
import { useLocation } from 'react-router';

/** Milliseconds for which the place is marked. */
const SHOWN_MS = 2_500;

/** @param ready whether what is named may be on the screen by now */
export function useAnchor(ready: boolean): void {
  const { hash, key } = useLocation();
  const done = useRef('');
  useEffect(() => {
    const visit = `${key}${hash}`;
    if (!ready || hash === '' || done.current === visit) return;
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    if (target === null) return;
    done.current = visit;
    target.scrollIntoView({ block: 'start' });
    target.animate([{ outline: '2px solid var(--primary)' }, { outline: '2px solid transparent' }], SHOWN_MS);
  }, [ready, hash, key]);
}
