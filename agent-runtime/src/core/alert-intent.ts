/** What somebody reported to this agent, as an observation that it signs. */
import { type AlertInput, alertSchema } from '@dao-gov/node/protocol';
import { type TranscriptHead, TranscriptRecorder, transcriptBlob } from './evidence/transcript.ts';
import type { Intent } from './intent.ts';

/** @throws ZodError when the report does not have the form of an alert */
export function alertIntent(input: AlertInput, author: Pick<TranscriptHead, 'role' | 'reasoner'>): Intent {
  const { node, metric, at, source, title } = alertSchema.parse(input);
  const recorder = new TranscriptRecorder();
  recorder.thought({
    en: `${source} reports: ${title} (${metric} of ${node}).`,
    zh: `${source} 报告：${title}（${node} 的 ${metric}）。`,
  });
  recorder.answer({ en: 'I put the alert on chain.', zh: '将该告警上链。' });
  const evidence = [transcriptBlob({ ...author, incidentId: '', purpose: 'raise_alert' }, recorder.entries)];
  return { type: 'raise_alert', args: { node, metric, atMs: Date.parse(at), source, title }, evidence };
}
