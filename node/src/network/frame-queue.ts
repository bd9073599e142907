/** Frames that wait for one peer, bounded by count and bytes. The newest matter most in consensus: the oldest go first. */
export interface FrameQueue {
  readonly length: number;
  /** Returns how many older frames had to go. @param nowMs monotonic */
  push(frame: Uint8Array, nowMs?: number): number;
  /** Drops what was pushed before this time. Returns how many frames went. */
  expire(beforeMs: number): number;
  /** Removes and joins frames up to `bytesMax`, but at least one. Undefined when nothing waits. */
  take(bytesMax: number): { readonly bytes: Uint8Array; readonly frames: number } | undefined;
  clear(): number;
}

export interface QueueLimits {
  readonly framesMax: number;
  readonly bytesMax: number;
}

function joined(frames: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = frames;
  if (only && frames.length === 1) return only;
  const all = new Uint8Array(bytes);
  let offset = 0;
  for (const frame of frames) {
    all.set(frame, offset);
    offset += frame.length;
  }
  return all;
}

export function frameQueue({ framesMax, bytesMax }: QueueLimits): FrameQueue {
  let frames: Uint8Array[] = [];
  /** When each frame was pushed, in the same order. */
  let times: number[] = [];
  let bytes = 0;
  const dropOldest = (count: number): number => {
    if (count === 0) return 0;
    for (const frame of frames.splice(0, count)) bytes -= frame.length;
    times.splice(0, count);
    return count;
  };
  return {
    get length() {
      return frames.length;
    },
    push(frame, nowMs = 0) {
      frames.push(frame);
      times.push(nowMs);
      bytes += frame.length;
      let dropped = 0;
      let left = bytes;
      while (frames.length - dropped > framesMax || (left > bytesMax && frames.length - dropped > 1)) {
        left -= frames[dropped]?.length ?? 0;
        dropped += 1;
      }
      return dropOldest(dropped);
    },
    expire(beforeMs) {
      const kept = times.findIndex((time) => time >= beforeMs);
      return dropOldest(kept < 0 ? frames.length : kept);
    },
    take(chunkBytesMax) {
      const [first] = frames;
      if (!first) return undefined;
      let count = 1;
      let size = first.length;
      for (let next = frames[count]; next && size + next.length <= chunkBytesMax; next = frames[count]) {
        size += next.length;
        count += 1;
      }
      const taken = frames.splice(0, count);
      times.splice(0, count);
      bytes -= size;
      return { bytes: joined(taken, size), frames: count };
    },
    clear() {
      const dropped = frames.length;
      frames = [];
      times = [];
      bytes = 0;
      return dropped;
    },
  };
}
