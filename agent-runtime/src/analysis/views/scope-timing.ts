/** A2, Process Scheduler: within reach of the alerting node, who fell ill first and lies deepest? */
import { readableTime } from '../format.ts';
import { amountOf, figuresOf, inScope, keptOf, timeliness, viewOf } from './view.ts';

/** Each call further from the alert closes this share of the remaining distance to full weight. */
const DEPTH_GAIN = 0.4;

/** Trouble of amounts, with no single series that departs far, has no onset to tell. */
const UNKNOWN_ONSET = 0.7;

const timeText = (atMs: number): { readonly en: string; readonly zh: string } => ({
  en: readableTime(atMs),
  zh: readableTime(atMs),
});

export const scopeTimingView = viewOf('A2', 'scope and timing', (finding, view) => {
  if (!inScope(finding)) return null;
  const early = timeliness(view, finding) ?? UNKNOWN_ONSET;
  const depth = 1 - (1 - DEPTH_GAIN) ** (1 + (finding.distance ?? 0));
  const hops = finding.distance === 1 ? '1 call' : `${finding.distance} calls`;
  const figures = figuresOf(view, finding.node);
  const since = finding.onsetMs === null ? { en: 'an unknown time', zh: '未知时刻' } : timeText(finding.onsetMs);
  return {
    // The square root lets order and place decide; amounts only keep faint trouble from winning by its place.
    weight: early * depth * Math.sqrt(amountOf(finding, view) * keptOf(finding, view)),
    why: {
      en: `${finding.node}, ${hops} from the alert, in trouble since ${since.en}: ${figures.en}`,
      zh: `${finding.node} 距告警服务 ${finding.distance} 跳，自 ${since.zh} 起异常：${figures.zh}`,
    },
  };
});
