/** A1, Alert Receiver: who shows the alert's own symptom (or failures, which cause any symptom), and who did so first? */
import { readableTime } from '../format.ts';
import { figureText, listing } from '../wording.ts';
import { timeliness, viewOf } from './view.ts';

export const alertSymptomView = viewOf('A1', 'alert symptom and timing', (finding, view) => {
  const { alertSymptom } = view.findings;
  const matching = view
    .tellingSeriesOf(finding.node)
    .filter(({ symptom }) => symptom === alertSymptom || symptom === 'errors' || alertSymptom === 'other');
  const early = timeliness(view, finding);
  if (finding.status !== 'anomalous' || matching.length === 0 || early === null) return null;
  const strength = matching.reduce((total, series) => total + series.strength, 0);
  const shown = listing(matching.map((series) => figureText(series, series.atAlert?.value ?? 0)));
  const since = readableTime(finding.onsetMs ?? 0);
  return {
    weight: strength * early,
    why: {
      en: `${finding.node} shows the alert's symptom since ${since}: ${shown.en}`,
      zh: `${finding.node} 自 ${since} 起出现与告警一致的症状：${shown.zh}`,
    },
  };
});
