import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const SECOND_MS = 1_000;

/** Tests that start the seven real processes share the machine, so they run one after the other in one process. */
const sequential = { pool: 'forks', fileParallelism: false, maxWorkers: 1 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Many tests wait for timers and processes, so one more at a time than there are processors.
          maxWorkers: availableParallelism() + 1,
          // No test replaces a module or leaves anything behind, and loading the house anew for each file costs a minute.
          isolate: false,
          include: [
            'node/**/*.test.ts',
            'agent-runtime/**/*.test.ts',
            'explorer/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
          ],
          testTimeout: 20 * SECOND_MS,
          hookTimeout: 20 * SECOND_MS,
        },
      },
      {
        test: {
          ...sequential,
          name: 'e2e',
          include: ['scripts/e2e/**/*.e2e.ts'],
          testTimeout: 300 * SECOND_MS,
          hookTimeout: 120 * SECOND_MS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...sequential,
          name: 'browser',
          include: ['scripts/browser/**/*.browser.ts'],
          testTimeout: 180 * SECOND_MS,
          hookTimeout: 180 * SECOND_MS,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
