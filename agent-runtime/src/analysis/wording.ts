/** The engine's English and Chinese words for metrics, symptoms and fault kinds. */
import type { FaultKind, SeriesFinding } from './findings.ts';
import { withUnit } from './format.ts';
import { metricLabelWords } from './metric-kinds.ts';

/** The same statement in both languages of the explorer. */
export type Bilingual = { readonly en: string; readonly zh: string };

const WORD_ZH: ReadonlyMap<string, string> = new Map([
  ['latency', '延迟'],
  ['duration', '耗时'],
  ['request', '请求'],
  ['response', '响应'],
  ['time', '时间'],
  ['wait', '等待'],
  ['average', '平均'],
  ['avg', '平均'],
  ['mean', '平均'],
  ['error', '错误'],
  ['errors', '错误数'],
  ['failure', '失败'],
  ['success', '成功'],
  ['timeout', '超时'],
  ['timeouts', '超时数'],
  ['rate', '率'],
  ['ratio', '率'],
  ['usage', '使用率'],
  ['utilization', '利用率'],
  ['availability', '可用性'],
  ['cpu', 'CPU'],
  ['memory', '内存'],
  ['heap', '堆内存'],
  ['disk', '磁盘'],
  ['pool', '连接池'],
  ['queue', '队列'],
  ['depth', '深度'],
  ['calls', '调用量'],
  ['requests', '请求量'],
]);

export function metricLabel(metric: string): Bilingual {
  const words = metricLabelWords(metric);
  const translated = words.flatMap((word) => WORD_ZH.get(word) ?? []);
  const known = words.length > 0 && translated.length === words.length;
  return { en: words.join(' ') || metric, zh: known ? translated.join('') : metric };
}

/** `error rate 100 %` */
export function figureText({ metric, unit }: SeriesFinding, value: number): Bilingual {
  const label = metricLabel(metric);
  const figure = withUnit(value, unit);
  return { en: `${label.en} ${figure}`, zh: `${label.zh} ${figure}` };
}

export const FAULT_KIND_TEXT: Readonly<Record<FaultKind, Bilingual>> = {
  errors: { en: 'failing requests', zh: '请求失败' },
  latency: { en: 'slow processing', zh: '处理缓慢' },
  saturation: { en: 'an exhausted resource', zh: '资源耗尽' },
  cpu: { en: 'an exhausted processor', zh: 'CPU 耗尽' },
  memory: { en: 'exhausted memory', zh: '内存耗尽' },
  crash: { en: 'a node that is down or restarts', zh: '节点宕机或反复重启' },
  network: { en: 'a slow or lossy network path', zh: '网络延迟或丢包' },
  dependency: { en: 'a failing dependency outside of what is observed', zh: '未被观测的外部依赖故障' },
  load: { en: 'more traffic than usual', zh: '流量激增' },
  unknown: { en: 'a fault of unknown kind', zh: '未知类型的故障' },
};

export function listing(items: readonly Bilingual[]): Bilingual {
  return { en: items.map(({ en }) => en).join(', '), zh: items.map(({ zh }) => zh).join('、') };
}
