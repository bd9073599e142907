/** Calls at once, then at most once every `intervalMs`; a call within the interval is made up for at its end. */
export interface Throttled {
  (): void;
  cancel(): void;
}

export function throttle(action: () => void, intervalMs: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = false;
  const run = (): void => {
    asked = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (asked) run();
    }, intervalMs);
    action();
  };
  const throttled = (): void => {
    if (timer === undefined) run();
    else asked = true;
  };
  return Object.assign(throttled, {
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
      asked = false;
    },
  });
}
