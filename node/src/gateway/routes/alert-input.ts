/** An alert of Alertmanager as this project's agents raise one. */
import type { z } from 'zod';
import type { AlertInput, alertmanagerSchema } from '../../protocol/api/index.ts';

export type FiringAlert = z.infer<typeof alertmanagerSchema>['alerts'][number];

/** Labels that may name what is affected, the most exact first. */
const NODE_LABELS = ['service', 'node', 'instance', 'job'] as const;
const NAME_LENGTH_MAX = 120;
const TITLE_LENGTH_MAX = 300;

/** Undefined when no label says what is affected, or by what. */
export function alertInputOf({ labels, annotations, startsAt }: FiringAlert): AlertInput | undefined {
  const node = NODE_LABELS.map((name) => labels[name]).find((value) => value);
  // A rule's name is for people; a label that names the metric itself is what the agents look up.
  const metric = labels.metric || labels.alertname;
  if (!node || !metric) return undefined;
  const title = annotations.summary || annotations.description || `${labels.alertname ?? metric} at ${node}`;
  return {
    node: node.slice(0, NAME_LENGTH_MAX),
    metric: metric.slice(0, NAME_LENGTH_MAX),
    at: new Date(startsAt).toISOString(),
    source: (labels.source || 'alertmanager').slice(0, NAME_LENGTH_MAX),
    title: title.slice(0, TITLE_LENGTH_MAX),
  };
}

/** The same alert that started at the same time, however often it is told. */
export const identityOf = ({ fingerprint, labels, startsAt }: FiringAlert): string =>
  `${fingerprint || JSON.stringify(Object.entries(labels).sort())}@${startsAt}`;
