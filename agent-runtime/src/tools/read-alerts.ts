import { z } from 'zod';
import { metricLabel, readableTime } from '../analysis/index.ts';
import type { Tool } from './tool.ts';

export interface ReadAlerts {
  readonly node: string;
  readonly metric: string;
  readonly at: string;
  readonly source: string;
  readonly title: string;
  readonly observers: number;
  readonly alike: number;
}

export const readAlerts: Tool<Record<string, never>, ReadAlerts> = {
  name: 'read_alerts',
  description: {
    en: 'The alert at hand: node, metric, time, source, how many agents saw it, and how many like it are waiting.',
    zh: '读取当前告警：节点、指标、时间、来源、观察者数量以及同源的待处理告警。',
  },
  schema: z.strictObject({}),
  run: async (_input, { alert }) => {
    const { node, metric, atMs, source, title, observers, alike } = alert;
    const at = readableTime(atMs);
    const label = metricLabel(metric);
    return {
      data: { node, metric, at, source, title, observers, alike },
      text: {
        en: `"${title}": ${label.en} of ${node} at ${at}, from ${source}; seen by ${observers}, ${alike} alike waiting`,
        zh: `“${title}”：${node} 的${label.zh}，${at}，来源 ${source}；${observers} 个观察者，另有 ${alike} 条同源告警`,
      },
    };
  },
};
