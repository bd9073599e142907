import type { NetworkCounters } from '../ports/index.ts';

/** The network's own counters as Prometheus reads them: what was sent, received and dropped since the start. */
export function networkMetrics(counters: NetworkCounters): string {
  return Object.entries(counters)
    .map(([name, value]) => {
      const metric = `dao_gov_network_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_total`;
      return `# HELP ${metric} network ${name}\n# TYPE ${metric} counter\n${metric} ${value}\n`;
    })
    .join('');
}
