/** The process of one service of the lab. Started by `lab.ts` with its settings as JSON; ends with whoever started it. */
import { seeded, seedOf } from '../random.ts';
import { CACHE, calleesOf, specOf } from '../system.ts';
import { createAilments } from './ailments.ts';
import { createClient } from './client.ts';
import { consume } from './consumer.ts';
import { createExporter } from './exporter.ts';
import { handlersOf } from './handlers.ts';
import { createLogger } from './logger.ts';
import type { FromService, ServiceSettings, ToService } from './messages.ts';
import { createMetrics } from './metrics.ts';
import { Pool } from './pool.ts';
import { createHttp } from './server.ts';
import { createSteps } from './steps.ts';
import { createTracer } from './tracer.ts';

const POOL_MAX = 6;
const POOL_TIMEOUT_MS = 1_000;

const { name, port, seed, addresses, collector } = JSON.parse(process.argv[2] ?? '{}') as ServiceSettings;
const spec = specOf(name);
const random = seeded(seed ^ seedOf(name));
const exporter = createExporter(collector, name);
const log = createLogger(name, exporter);
const metrics = createMetrics(spec.kind);
const tracer = createTracer(exporter);
const pool = new Pool(POOL_MAX, POOL_TIMEOUT_MS);

let leaking: NodeJS.Timeout | undefined;
const ailments = createAilments(
  () => {
    clearInterval(leaking);
    const leaksPerSecond = ailments.strength('pool');
    if (leaksPerSecond > 0) leaking = setInterval(() => pool.leak(), 1_000 / leaksPerSecond);
    else pool.mend();
    if (ailments.strength('bad-config') > 0) log('INFO', 'configuration reloaded');
  },
  () => {
    log('ERROR', 'fatal: assertion failed, the process ends');
    exporter.flush();
  },
);

metrics.poolMax.set(pool.max);
metrics.onScrape(() => {
  metrics.pool.set({ state: 'used' }, pool.used);
  metrics.pool.set({ state: 'idle' }, pool.max - pool.used);
  metrics.poolPending.set(pool.pending);
});

const misconfigured = calleesOf(spec).find((callee) => callee !== CACHE);
const client = createClient({ addresses, tracer, metrics, ailments, random, misconfigured });
const steps = createSteps({ client, pool, random, metrics });
const handlers = handlersOf(spec, { steps, metrics, ailments, around: random.around });
const server = createHttp({ handlers, metrics, tracer, log, ailments, random });

process.on('message', (message: ToService) => ailments.set(message.faults));
process.on('disconnect', () => process.exit(0));
server.listen(port, '127.0.0.1', () => {
  log('INFO', `listening, process ${process.pid}`);
  process.send?.({ type: 'listening' } satisfies FromService);
  if (spec.kind === 'consumer') {
    void consume({ topic: spec.topic, steps: spec.steps, perform: steps, client, tracer, metrics, log });
  }
});
