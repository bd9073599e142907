/** A3, Data Detective: whose metrics departed furthest from their own history? Knows nothing of the call graph. */
import { plain } from '../format.ts';
import { amountOf, figuresOf, inScope, viewOf } from './view.ts';

export const metricsOnlyView = viewOf('A3', 'metrics', (finding, view) => {
  if (!inScope(finding)) return null;
  const figures = figuresOf(view, finding.node);
  const z = view.tellingSeriesOf(finding.node).reduce((most, series) => Math.max(most, series.z), 0);
  return {
    // How much is lost and how far it departs; of neither alone is it known which of them the alert is about.
    weight: Math.sqrt(amountOf(finding, view) * finding.severity),
    why: {
      en: `${finding.node} departs by up to ${plain(Math.round(z))} robust deviations: ${figures.en}`,
      zh: `${finding.node} 偏离基线最多 ${plain(Math.round(z))} 个稳健标准差：${figures.zh}`,
    },
  };
});
