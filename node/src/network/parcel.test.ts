import { describe, expect, it } from 'vitest';
import { decodeParcel, encodeParcel, gathering } from './parcel.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('a parcel', () => {
  it('gives back what was put in', () => {
    const envelopes = [bytes(1, 2, 3), bytes(), bytes(4)];
    expect(decodeParcel(encodeParcel(envelopes), 3)).toEqual(envelopes);
  });

  it.each([
    ['empty', bytes()],
    ['cut in a length', encodeParcel([bytes(1)]).subarray(0, 3)],
    ['cut in an envelope', encodeParcel([bytes(1, 2)]).subarray(0, 5)],
    ['with a byte left over', Uint8Array.from([...encodeParcel([bytes(1)]), 0])],
    ['of a length beyond all memory', bytes(255, 255, 255, 255, 1)],
    ['of too many', encodeParcel([bytes(1), bytes(2), bytes(3)])],
  ])('%s is none', (_case, parcel) => {
    expect(decodeParcel(parcel, 2)).toBeUndefined();
  });
});

describe('gathering', () => {
  const limits = { envelopesMax: 3, bytesMax: 10, windowMsMin: 100, windowMsMax: 130, windowMsPerEnvelope: 60 };

  function scene() {
    let nowMs = 0;
    let alarm: { readonly atMs: number; readonly run: () => void } | undefined;
    const sent: (readonly Uint8Array[] | undefined)[] = [];
    const clock = {
      monotonicMs: () => nowMs,
      wallMs: () => nowMs,
      at(atMs: number, run: () => void) {
        alarm = { atMs, run };
        return () => (alarm = undefined);
      },
    };
    const gathered = gathering(clock, limits, (parcel) => sent.push(decodeParcel(parcel, 64)));
    const pass = (ms: number): void => {
      nowMs += ms;
      if (alarm && alarm.atMs <= nowMs) alarm.run();
    };
    return { gathered, sent, pass, hasAlarm: () => alarm !== undefined };
  }

  it('sends at once when nothing was sent lately, and then what comes within the window together', () => {
    const { gathered, sent, pass, hasAlarm } = scene();
    gathered.add(bytes(1));
    expect(sent).toEqual([[bytes(1)]]);
    gathered.add(bytes(2));
    pass(50);
    gathered.add(bytes(3));
    expect(sent).toHaveLength(1);
    pass(50);
    expect(sent).toEqual([[bytes(1)], [bytes(2), bytes(3)]]);
    expect(hasAlarm()).toBe(false);
    pass(120);
    gathered.add(bytes(4));
    expect(sent.at(-1)).toEqual([bytes(4)]);
  });

  it('waits the longer the more it sent, within bounds', () => {
    const { gathered, sent, pass } = scene();
    const msUntil = (parcels: number): number => {
      let ms = 0;
      for (; sent.length < parcels; ms += 10) pass(10);
      return ms;
    };
    const windowAfter = (envelopes: number): number => {
      pass(1_000);
      const before = sent.length;
      gathered.add(bytes(0));
      for (let value = 0; value < envelopes; value += 1) gathered.add(bytes(1));
      msUntil(before + 2);
      gathered.add(bytes(2));
      return msUntil(before + 3);
    };
    expect([windowAfter(1), windowAfter(2), windowAfter(3)]).toEqual([100, 120, 130]);
  });

  it('does not wait for the window with a full parcel', () => {
    const { gathered, sent } = scene();
    for (let value = 0; value < 4; value += 1) gathered.add(bytes(value));
    expect(sent).toEqual([[bytes(0)], [bytes(1), bytes(2), bytes(3)]]);
  });

  it('sends a large envelope alone', () => {
    const { gathered, sent } = scene();
    gathered.add(bytes(1));
    gathered.add(bytes(2));
    gathered.add(new Uint8Array(12));
    expect(sent).toEqual([[bytes(1)], [bytes(2)], [new Uint8Array(12)]]);
  });

  it('leaves no alarm behind', () => {
    const { gathered, hasAlarm } = scene();
    gathered.add(bytes(1));
    gathered.add(bytes(2));
    expect(hasAlarm()).toBe(true);
    gathered.stop();
    expect(hasAlarm()).toBe(false);
  });
});
