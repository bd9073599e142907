/** Frames that wait for one peer, bounded by count and bytes. The newest matter most in consensus: the oldest go first. */
export interface FrameQueue {
  readonly length: number;
  /** Returns how many older frames had to go. */
  push(frame: Uint8Array): number;
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
  let bytes = 0;
  return {
    get length() {
      return frames.length;
    },
    push(frame) {
      frames.push(frame);
      bytes += frame.length;
      let dropped = 0;
      while (frames.length - dropped > framesMax || (bytes > bytesMax && frames.length - dropped > 1)) {
        bytes -= frames[dropped]?.length ?? 0;
        dropped += 1;
      }
      if (dropped > 0) frames.splice(0, dropped);
      return dropped;
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
      bytes -= size;
      return { bytes: joined(taken, size), frames: count };
    },
    clear() {
      const dropped = frames.length;
      frames = [];
      bytes = 0;
      return dropped;
    },
  };
}
