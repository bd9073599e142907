/** A1, Alert Receiver: who lost what the alert complains of, and did not only pass it on? */
import { figuresOf, inScope, keptOf, viewOf } from './view.ts';

export const alertSymptomView = viewOf('A1', 'alert symptom', (finding, view) => {
  if (!inScope(finding)) return null;
  const { alertSymptom, nodes } = view.findings;
  const matching = view
    .tellingSeriesOf(finding.node)
    .filter(({ symptom }) => symptom === alertSymptom || symptom === 'errors' || alertSymptom === 'other');
  const departed = matching.reduce((total, series) => total + series.strength, 0) * keptOf(finding, view);
  const figures = figuresOf(view, finding.node);
  const percent = Math.round(finding.symptomKept * 100);
  return {
    weight: nodes.some(({ symptomKept }) => symptomKept > 0) ? finding.symptomKept : departed,
    why: {
      en: `${finding.node} itself accounts for ${percent} % of the alert's symptom: ${figures.en}`,
      zh: `${finding.node} 自身可解释告警症状的 ${percent} %：${figures.zh}`,
    },
  };
});
