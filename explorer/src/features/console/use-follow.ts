import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Pixels from the end within which the reader counts as being at the end. */
const AT_END_PX = 32;

/**
 * Keeps a scrolling list at its end while the reader is there, and leaves it alone once they scroll up. Only a movement
 * upwards ends the following: a line that is expanded or wraps anew moves the end, not the reader.
 *
 * @param newest changes whenever something was added at the end
 */
export function useFollow(newest: string | undefined) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [following, setFollowing] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `newest` is what announces an addition
  useLayoutEffect(() => {
    if (following) toEnd(scroller.current);
  }, [newest, following]);
  useEffect(() => {
    if (!following || content.current === null) return;
    const observer = new ResizeObserver(() => toEnd(scroller.current));
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [following]);
  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const upwards = element.scrollTop < lastTop.current - 1;
    lastTop.current = element.scrollTop;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX;
    if (atEnd) setFollowing(true);
    else if (upwards) setFollowing(false);
  };
  return { scroller, content, following, onScroll, follow: () => setFollowing(true) };
}

function toEnd(element: HTMLElement | null): void {
  if (element !== null) element.scrollTop = element.scrollHeight;
}
