/** The faults that the lab can inject: where each applies, how strong it is, and what the truth of a capture says of it. */
import { CACHE, EDGES, ENTRY, pathBetween, type ServiceSpec, SYSTEM, stepsOf } from './system.ts';

export const FAULTS = [
  'none',
  'latency',
  'errors',
  'cpu',
  'memory',
  'pool',
  'slow-query',
  'crash',
  'network-delay',
  'network-loss',
  'bad-config',
  'stampede',
  'surge',
] as const;
export type FaultName = (typeof FAULTS)[number];

/** Kinds that an answer may name. */
export type FaultKind = 'cpu' | 'memory' | 'latency' | 'errors' | 'crash' | 'network' | 'dependency' | 'load';

export type FaultInfo = {
  readonly name: FaultName;
  readonly does: string;
  readonly kind: FaultKind | null;
  /** A service, or `caller>callee` for a fault between two. */
  readonly targets: readonly string[];
  /** What `strength` measures, and its default. */
  readonly strength: { readonly unit: string; readonly usual: number };
};

/** A fault as it is injected. */
export type Fault = { readonly name: FaultName; readonly target: string; readonly strength: number };

const serving = SYSTEM.filter(({ kind }) => kind === 'service').map(({ name }) => name);
const databases = SYSTEM.filter(({ kind }) => kind === 'database').map(({ name }) => name);
/** Services every request of which needs a connection: a cache in front would hide an empty pool. */
const pooled = SYSTEM.filter((spec) => uncachedQueries(spec)).map(({ name }) => name);
/** Services whose first dependency is asked on every request of some operation. */
const configured = SYSTEM.filter(
  (spec) => stepsOf(spec).some(({ do: step }) => step === 'call') || uncachedQueries(spec),
)
  .filter(({ kind }) => kind === 'service')
  .map(({ name }) => name);
/** Links that requests take: one that only misses of the cache take is so quiet that nobody feels its faults. */
const links = EDGES.filter(({ caller, callee }) => {
  const spec = SYSTEM.find(({ name }) => name === caller);
  if (spec?.kind !== 'service') return false;
  return !databases.includes(callee) || uncachedQueries(spec);
}).map(({ caller, callee }) => `${caller}>${callee}`);

function uncachedQueries(spec: ServiceSpec): boolean {
  if (spec.kind !== 'service') return false;
  const inCache = stepsOf(spec).flatMap((step) => (step.do === 'cached' ? step.load : []));
  return stepsOf(spec).some((step) => step.do === 'query' && !inCache.includes(step));
}

const info = (
  name: FaultName,
  does: string,
  kind: FaultKind | null,
  targets: readonly string[],
  unit: string,
  usual: number,
): FaultInfo => ({ name, does, kind, targets, strength: { unit, usual } });

export const FAULT_TABLE: readonly FaultInfo[] = [
  info('none', 'nothing: a false alarm is raised', null, [ENTRY], '-', 0),
  info('latency', 'every request waits before it is served', 'latency', [...serving, ...databases], 'ms', 450),
  info('errors', 'a share of requests fails at once', 'errors', [...serving, ...databases], 'share', 0.6),
  info('cpu', 'a busy loop takes a share of the processor', 'cpu', [...serving, ...databases], 'share', 0.92),
  info('memory', 'memory is never freed, until the heap is full', 'memory', serving, 'MB/s', 5),
  info('pool', 'connections are taken and never given back', 'dependency', pooled, 'connections/s', 2),
  info('slow-query', 'statements take much longer and hold their locks', 'latency', databases, 'factor', 14),
  info(
    'crash',
    'the process ends, is restarted, and ends again',
    'crash',
    [...serving, ...databases],
    's of life',
    1.5,
  ),
  info('network-delay', 'packets between two services take longer', 'network', links, 'ms', 400),
  info('network-loss', 'packets between two services get lost and are sent again', 'network', links, 'share', 0.6),
  info('bad-config', 'a new configuration names a wrong address of a dependency', 'errors', configured, '-', 1),
  info('stampede', 'the cache loses all entries and keeps losing them', 'load', [CACHE], '-', 1),
  info('surge', 'users send many times as many requests', 'load', [ENTRY], 'factor', 7),
];

/** @throws RangeError naming the faults there are */
export function faultInfo(name: string): FaultInfo {
  const found = FAULT_TABLE.find((fault) => fault.name === name);
  if (found === undefined) throw new RangeError(`no fault ${name}: ${FAULTS.join(', ')}`);
  return found;
}

/** A fault with its usual strength. @throws RangeError for a target that it does not apply to */
export function faultAt(name: string, target: string, strength?: number): Fault {
  const known = faultInfo(name);
  if (!known.targets.includes(target)) {
    throw new RangeError(`${name} does not apply to ${target}: ${known.targets.join(', ')}`);
  }
  return { name: known.name, target, strength: strength ?? known.strength.usual };
}

/** The service in which a fault works: of two, the caller. */
export const hostOf = ({ target }: Pick<Fault, 'target'>): string => target.split('>')[0] ?? target;

export type Truth = {
  /** Null when nothing was injected. */
  readonly rootCause: string | null;
  /** Other end of a link: naming it is right as well. */
  readonly alternatives?: readonly string[];
  readonly faultKind: FaultKind | 'none';
  /** From the service that alerted to the root cause. */
  readonly path: readonly string[];
};

export function truthOf(fault: Fault, alertNode: string): Truth {
  const { kind } = faultInfo(fault.name);
  if (kind === null) return { rootCause: null, faultKind: 'none', path: [] };
  const [rootCause = fault.target, other] = fault.target.split('>');
  return {
    rootCause,
    ...(other !== undefined && { alternatives: [other] }),
    faultKind: kind,
    path: pathBetween(alertNode, rootCause),
  };
}
