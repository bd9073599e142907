/** Runs asynchronous work one piece after another, in the order of asking. A failed piece does not stop the next. */
export interface SerialQueue {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function serialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (work) => {
      const result = last.then(work, work);
      last = result;
      return result;
    },
  };
}
