import { describe, expect, it } from 'vitest';
import { ticksOf } from './machine.ts';

describe('the processor time of a machine', () => {
  it('is read from the line of all cores; waiting and what the host gave to others are not busy', () => {
    const stat = 'cpu  100 20 30 400 50 6 4 999 0 0\ncpu0 50 10 15 200 25 3 2 0 0 0\n';
    expect(ticksOf(stat)).toEqual({ busy: 160, all: 610 });
  });
  it('is nothing where the text is another', () => expect(ticksOf('x')).toEqual({ busy: 0, all: 0 }));
});
