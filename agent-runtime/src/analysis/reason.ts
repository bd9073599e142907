/**
 * Writes why a node is the root cause: its abnormal figures, and in contrast those of its healthy callees. Every figure
 * is an observation of the capture or a count over it, and is returned beside the text so that it can be checked.
 */
import { REASON_CONTRASTS_MAX, REASON_FIGURES_MAX } from './constants.ts';
import type { Findings, NodeFinding, SeriesFinding } from './findings.ts';
import { decimal, decimalRounded, plain, readableTime, withUnit } from './format.ts';
import { type Lookup, lookup } from './lookup.ts';
import { type Bilingual, figureText, listing } from './wording.ts';

export type Figure = {
  readonly node: string;
  readonly source: 'metric' | 'spans' | 'logs';
  /** The captured metric, or what was counted or averaged over spans and logs. */
  readonly metric: string;
  readonly value: string;
};

export type Reason = Bilingual & { readonly figures: readonly Figure[] };

type Part = Bilingual & { readonly figures: readonly Figure[] };

export function writeReason(findings: Findings, node: string): Reason {
  return reasonFor(lookup(findings), node);
}

export function reasonFor(view: Lookup, name: string): Reason {
  const { alert } = view.findings;
  const finding = view.node(name);
  if (finding === null) return only(`${name} appears nowhere in the captured data.`, `采集的数据中没有 ${name}。`);
  if (finding.status === 'silent') {
    return only(
      `${name} reported nothing around ${readableTime(alert.atMs)}, which is evidence neither for nor against it.`,
      `${name} 在 ${readableTime(alert.atMs)} 前后没有任何观测数据，既不能证明也不能排除其故障。`,
    );
  }
  const surroundings = finding.status === 'anomalous' ? [contrast, silence, route] : [];
  const parts = [symptoms(view, finding), ...surroundings.map((write) => write(view, finding))];
  const told = parts.filter((part) => part !== null);
  return {
    en: told.map(({ en }) => en).join(' '),
    zh: told.map(({ zh }) => zh).join(''),
    figures: told.flatMap(({ figures }) => figures),
  };
}

function only(en: string, zh: string): Reason {
  return { en, zh, figures: [] };
}

function symptoms(view: Lookup, finding: NodeFinding): Part {
  const time = readableTime(view.findings.alert.atMs);
  const telling = view.quotedSeriesOf(finding.node).slice(0, REASON_FIGURES_MAX);
  const shown = [...telling.map((series) => metricPart(series)), ...eventParts(finding)];
  if (shown.length === 0) {
    return only(`${finding.node} was normal at ${time}.`, `${finding.node} 在 ${time} 指标正常。`);
  }
  const now = listing(shown);
  return {
    en: `${finding.node} exhibited abnormal metrics at ${time}: ${now.en}.`,
    zh: `${finding.node} 在 ${time} 出现异常指标：${now.zh}。`,
    figures: shown.flatMap(({ figures }) => figures),
  };
}

/** The figure at the alert with the usual one beside it. */
function metricPart(series: SeriesFinding): Part {
  const value = series.atAlert?.value ?? 0;
  const { en, zh } = figureText(series, value);
  const figure: Figure = { node: series.node, source: 'metric', metric: series.metric, value: decimal(value) };
  if (series.baseline === null) return { en, zh, figures: [figure] };
  const usual = series.baseline.median;
  return {
    en: `${en} (usually ${withUnit(usual, series.unit)})`,
    zh: `${zh}（平时 ${withUnit(usual, series.unit)}）`,
    figures: [figure, { ...figure, value: decimal(usual) }],
  };
}

function eventParts({ node, spans, logs }: NodeFinding): readonly Part[] {
  const parts: Part[] = [];
  if (spans !== null && spans.selfGrowthMs > 0) {
    const now = decimalRounded(spans.selfMsDuring ?? 0);
    const usual = decimalRounded(spans.selfMsBefore ?? 0);
    parts.push({
      en: `own time per span ${now} ms (usually ${usual})`,
      zh: `每个 span 自身耗时 ${now} ms（平时 ${usual}）`,
      figures: [now, usual].map((value) => ({ node, source: 'spans', metric: 'self_time_ms', value })),
    });
  }
  if (spans !== null && spans.errorOriginsDuring > spans.errorOriginsBefore) {
    const count = plain(spans.errorOriginsDuring);
    parts.push({
      en: `${count} failed spans that began there`,
      zh: `${count} 个失败 span 源自该服务`,
      figures: [{ node, source: 'spans', metric: 'error_origins', value: decimal(spans.errorOriginsDuring) }],
    });
  }
  if (logs !== null && logs.strength > 0) {
    parts.push({
      en: `${plain(logs.errorsDuring)} error log records (${plain(logs.errorsBefore)} before)`,
      zh: `${plain(logs.errorsDuring)} 条错误日志（此前 ${plain(logs.errorsBefore)} 条）`,
      figures: [logs.errorsDuring, logs.errorsBefore].map((count) => ({
        node,
        source: 'logs',
        metric: 'error_records',
        value: decimal(count),
      })),
    });
  }
  return parts;
}

function contrast(view: Lookup, finding: NodeFinding): Part | null {
  const parts = view
    .visibleCalleesOf(finding.node)
    .filter(({ status }) => status === 'healthy')
    .flatMap(({ node }) => healthyPart(view, node) ?? [])
    .slice(0, REASON_CONTRASTS_MAX);
  if (parts.length === 0) return null;
  const figures = parts.flatMap((part) => part.figures);
  const list = listing(parts);
  return { en: `In contrast, its downstream ${list.en}.`, zh: `相比之下，下游 ${list.zh}。`, figures };
}

/** A healthy node's success (or error) and latency figures; whatever else it has where it has neither. */
function healthyPart(view: Lookup, node: string): Part | null {
  const observed = view.seriesOf(node).filter(({ atAlert }) => atAlert !== null);
  const success = observed.find(({ kind }) => kind === 'success') ?? observed.find(({ kind }) => kind === 'error');
  const latency = observed.find(({ kind }) => kind === 'latency');
  const chosen = [success, latency].filter((series) => series !== undefined);
  const shown = chosen.length > 0 ? chosen : observed.slice(0, 1);
  if (shown.length === 0) return null;
  const texts = listing(shown.map((series) => figureText(series, series.atAlert?.value ?? 0)));
  return {
    en: `${node} is normal (${texts.en})`,
    zh: `${node} 正常（${texts.zh}）`,
    figures: shown.map(({ metric, atAlert }) => ({
      node,
      source: 'metric',
      metric,
      value: decimal(atAlert?.value ?? 0),
    })),
  };
}

function silence(view: Lookup, finding: NodeFinding): Part | null {
  const silent = view
    .silentCalleesOf(finding.node)
    .slice(0, REASON_CONTRASTS_MAX)
    .map(({ node }) => node);
  if (silent.length === 0) return null;
  return {
    en: `Nothing was observed of downstream ${silent.join(', ')}: neither blamed nor cleared.`,
    zh: `下游 ${silent.join('、')} 没有观测数据：既不归咎也不排除。`,
    figures: [],
  };
}

function route(view: Lookup, finding: NodeFinding): Part | null {
  const path = view.pathTo(finding.node);
  if (path.length < 2) return null;
  const { node } = view.findings.alert;
  return {
    en: `The alert on ${node} is reached over ${path.toReversed().join(' -> ')}.`,
    zh: `故障沿 ${path.toReversed().join(' → ')} 传播，引发 ${node} 的告警。`,
    figures: [],
  };
}
