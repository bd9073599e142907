/** A3, Data Detective: whose metrics departed furthest from their own history? Knows nothing of the call graph. */
import { plain } from '../format.ts';
import { figuresOf, viewOf } from './view.ts';

export const metricsOnlyView = viewOf('A3', 'metrics', (finding, view) => {
  if (finding.status !== 'anomalous') return null;
  const figures = figuresOf(view, finding.node);
  const z = view.tellingSeriesOf(finding.node).reduce((most, series) => Math.max(most, series.z), 0);
  return {
    weight: finding.metricSeverity,
    why: {
      en: `${finding.node} departs by up to ${plain(Math.round(z))} robust deviations: ${figures.en}`,
      zh: `${finding.node} 偏离基线最多 ${plain(Math.round(z))} 个稳健标准差：${figures.zh}`,
    },
  };
});
