/**
 * The lab's system as data: who serves what, by which steps. A ticket shop of twelve services around a cache, a queue
 * and two databases; every arrow of the graph is an HTTP request between processes.
 */

/** One thing that an operation does. Steps run one after the other. */
export type Step =
  /** Own time: the median of a log-normal distribution, in milliseconds. */
  | { readonly do: 'work'; readonly ms: number }
  /** `optional`: the operation goes on when the callee fails. `chance`: share of requests that call at all. */
  | {
      readonly do: 'call';
      readonly to: string;
      readonly operation: string;
      readonly optional?: boolean;
      readonly chance?: number;
    }
  | { readonly do: 'together'; readonly steps: readonly Step[] }
  /** Looks up one of `keys` keys in the cache, and on a miss does `load` and stores the result. */
  | { readonly do: 'cached'; readonly space: string; readonly keys: number; readonly load: readonly Step[] }
  /** Takes a connection of the service's pool and runs one statement. */
  | { readonly do: 'query'; readonly database: string; readonly statement: string }
  | { readonly do: 'publish'; readonly topic: string };

export type Statement = {
  /** Median duration in milliseconds. */
  readonly ms: number;
  /** Rows among which a writing statement locks one; absent for reads. */
  readonly lockRows?: number;
};

type Shape =
  | { readonly kind: 'service'; readonly operations: Readonly<Record<string, readonly Step[]>> }
  | { readonly kind: 'consumer'; readonly topic: string; readonly steps: readonly Step[] }
  | { readonly kind: 'cache'; readonly itemsMax: number; readonly ttlMs: number }
  | { readonly kind: 'queue' }
  /** `slots`: statements that run at once; more wait. */
  | { readonly kind: 'database'; readonly slots: number; readonly statements: Readonly<Record<string, Statement>> };

export type ServiceSpec = Shape & { readonly name: string };

export const ENTRY = 'gateway';
export const CACHE = 'cache';
export const QUEUE = 'queue';

const work = (ms: number): Step => ({ do: 'work', ms });
const call = (to: string, operation: string, options: { optional?: boolean; chance?: number } = {}): Step => ({
  do: 'call',
  to,
  operation,
  ...options,
});
const query = (database: string, statement: string): Step => ({ do: 'query', database, statement });
const cached = (space: string, keys: number, ...load: readonly Step[]): Step => ({ do: 'cached', space, keys, load });
const together = (...steps: readonly Step[]): Step => ({ do: 'together', steps });
const service = (name: string, operations: Readonly<Record<string, readonly Step[]>>): ServiceSpec => ({
  kind: 'service',
  name,
  operations,
});

export const SYSTEM: readonly ServiceSpec[] = [
  service(ENTRY, {
    'GET /search': [work(2), call('auth', 'GET /check', { chance: 0.4 }), call('search', 'GET /find')],
    'POST /book': [work(3), call('auth', 'GET /check'), call('order', 'POST /create')],
    'GET /orders': [work(2), call('auth', 'GET /check'), call('order', 'GET /list')],
    'GET /menu': [work(2), call('food', 'GET /menu')],
  }),
  service('auth', { 'GET /check': [work(3), cached('session', 40, query('orders-db', 'select account'))] }),
  service('search', {
    'GET /find': [
      work(4),
      together(call('route', 'GET /between'), call('train', 'GET /list')),
      together(call('seat', 'GET /free'), call('price', 'GET /quote')),
    ],
  }),
  service('route', {
    'GET /between': [
      work(3),
      call('station', 'GET /resolve'),
      cached('route', 12, query('catalog-db', 'select route')),
    ],
  }),
  service('station', { 'GET /resolve': [work(2), cached('station', 10, query('catalog-db', 'select station'))] }),
  service('train', { 'GET /list': [work(4), query('catalog-db', 'select trains')] }),
  service('seat', {
    'GET /free': [work(3), query('orders-db', 'count seats')],
    'POST /reserve': [work(3), query('orders-db', 'update seat')],
  }),
  service('price', { 'GET /quote': [work(4), cached('price', 15, query('catalog-db', 'select price'))] }),
  service('order', {
    'POST /create': [
      work(5),
      together(call('seat', 'POST /reserve'), call('price', 'GET /quote')),
      call('payment', 'POST /pay'),
      call('food', 'POST /add', { chance: 0.4, optional: true }),
      query('orders-db', 'insert order'),
      { do: 'publish', topic: 'booked' },
    ],
    'GET /list': [work(3), query('orders-db', 'select orders')],
  }),
  service('payment', { 'POST /pay': [work(12), query('orders-db', 'insert payment')] }),
  service('food', {
    'GET /menu': [work(4), call('station', 'GET /resolve'), cached('menu', 8, query('catalog-db', 'select menu'))],
    'POST /add': [work(3), query('catalog-db', 'select meal')],
  }),
  { kind: 'consumer', name: 'notify', topic: 'booked', steps: [work(8), query('orders-db', 'select account')] },
  { kind: 'cache', name: CACHE, itemsMax: 1_000, ttlMs: 60_000 },
  { kind: 'queue', name: QUEUE },
  {
    kind: 'database',
    name: 'catalog-db',
    slots: 1,
    statements: {
      'select route': { ms: 55 },
      'select station': { ms: 40 },
      'select trains': { ms: 16 },
      'select price': { ms: 50 },
      'select menu': { ms: 30 },
      'select meal': { ms: 10 },
    },
  },
  {
    kind: 'database',
    name: 'orders-db',
    slots: 1,
    statements: {
      'select account': { ms: 8 },
      'count seats': { ms: 14 },
      'update seat': { ms: 14, lockRows: 12 },
      'insert order': { ms: 13, lockRows: 24 },
      'insert payment': { ms: 14, lockRows: 24 },
      'select orders': { ms: 14 },
    },
  },
];

export const SERVICE_NAMES: readonly string[] = SYSTEM.map(({ name }) => name);

/** @throws RangeError naming the services there are */
export function specOf(name: string): ServiceSpec {
  const found = SYSTEM.find((spec) => spec.name === name);
  if (found === undefined) throw new RangeError(`no service ${name}: ${SERVICE_NAMES.join(', ')}`);
  return found;
}

/** Steps of a service in whatever operation, those inside others included. */
export function stepsOf(spec: ServiceSpec): readonly Step[] {
  if (spec.kind === 'service') return Object.values(spec.operations).flatMap(flat);
  return spec.kind === 'consumer' ? flat(spec.steps) : [];
}

function flat(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => {
    if (step.do === 'together') return flat(step.steps);
    return step.do === 'cached' ? [step, ...flat(step.load)] : [step];
  });
}

/** Whom a service sends requests to. */
export function calleesOf(spec: ServiceSpec): readonly string[] {
  const callees = stepsOf(spec).flatMap((step): readonly string[] => {
    switch (step.do) {
      case 'call':
        return [step.to];
      case 'query':
        return [step.database];
      case 'cached':
        return [CACHE];
      case 'publish':
        return [QUEUE];
      default:
        return [];
    }
  });
  return [...new Set(spec.kind === 'consumer' ? [QUEUE, ...callees] : callees)];
}

/** Every call dependency of the system. */
export const EDGES = SYSTEM.flatMap((spec) => calleesOf(spec).map((callee) => ({ caller: spec.name, callee })));

/** Shortest way down the call graph, both ends included; empty when there is none. */
export function pathBetween(from: string, to: string): readonly string[] {
  const paths: string[][] = [[from]];
  const seen = new Set([from]);
  for (const path of paths) {
    const last = path.at(-1);
    if (last === to) return path;
    for (const { caller, callee } of EDGES) {
      if (caller !== last || seen.has(callee)) continue;
      seen.add(callee);
      paths.push([...path, callee]);
    }
  }
  return [];
}
