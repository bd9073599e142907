/** A2, Process Scheduler: within reach of the alerting node, who fell ill first and lies deepest? */
import { readableTime } from '../format.ts';
import { figuresOf, inScope, timeliness, viewOf } from './view.ts';

/** Each call further from the alert closes this share of the remaining distance to full weight. */
const DEPTH_GAIN = 0.4;

export const scopeTimingView = viewOf('A2', 'scope and timing', (finding, view) => {
  const early = timeliness(view, finding);
  if (!inScope(finding) || early === null) return null;
  const depth = 1 - (1 - DEPTH_GAIN) ** (1 + (finding.distance ?? 0));
  const hops = finding.distance === 1 ? '1 call' : `${finding.distance} calls`;
  const figures = figuresOf(view, finding.node);
  const since = readableTime(finding.onsetMs ?? 0);
  return {
    // The square root lets order and place decide; severity only keeps faint trouble from winning by its place.
    weight: early * depth * Math.sqrt(finding.severity),
    why: {
      en: `${finding.node}, ${hops} from the alert, in trouble since ${since}: ${figures.en}`,
      zh: `${finding.node} 距告警服务 ${finding.distance} 跳，自 ${since} 起异常：${figures.zh}`,
    },
  };
});
