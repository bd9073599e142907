import {
  canonicalBytes,
  EVIDENCE_BLOB_BYTES_MAX,
  type Evidence,
  evidenceHash,
  evidenceSchema,
  type MetricsSnapshot,
  parseCanonical,
  transcriptSchema,
} from '@dao-gov/node/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Findings } from '../../analysis/index.ts';
import { captureSource } from '../../telemetry/index.ts';
import { inlineAnalyst } from '../analyst.ts';
import { TRANSCRIPT_ENTRIES_MAX } from '../constants.ts';
import { SAMPLES } from '../testing/agents-on-chain.ts';
import { blobOf, documentOf } from './blob.ts';
import { checkCited } from './check-cited.ts';
import {
  assessmentDocument,
  faultWebDocument,
  graphDocument,
  snapshotDocument,
  taskPlanDocument,
} from './documents.ts';
import { fitting } from './text.ts';
import { TranscriptRecorder, transcriptBlob } from './transcript.ts';

const INCIDENT = 'INC-0001';
const SCOPE = ['train-buy', 'food-buy', 'food-cancel', 'drink-buy'];
let findings: Findings;
beforeAll(async () => {
  findings = await inlineAnalyst(captureSource(SAMPLES)).analyse('report-train-buy');
});

describe('documents', () => {
  test('a snapshot holds the figures in scope as measured, and says who was silent', () => {
    const snapshot = snapshotDocument(INCIDENT, findings, SCOPE);
    expect(new Set(snapshot.series.map(({ node }) => node))).toEqual(new Set(['train-buy', 'food-buy', 'food-cancel']));
    expect(snapshot.silentNodes).toEqual(['drink-buy']);
    const latency = snapshot.series.find(({ node, metric }) => node === 'food-buy' && metric === 'latency_ms');
    expect(latency).toMatchObject({ value: '22220.0', metricKind: 'latency', samples: expect.any(Number) });
    expect(latency?.deviation).toBeGreaterThan(5_000);
  });

  test('all are canonical blobs within their limit, and read back', () => {
    const documents: Evidence[] = [
      snapshotDocument(INCIDENT, findings, SCOPE),
      graphDocument(INCIDENT, findings),
      assessmentDocument(INCIDENT, findings),
      faultWebDocument(INCIDENT, findings, 'food-buy'),
      taskPlanDocument(INCIDENT, 'train-buy', SCOPE),
    ];
    for (const document of documents) {
      const blob = blobOf(document);
      expect(blob.length).toBeLessThan(EVIDENCE_BLOB_BYTES_MAX);
      expect(documentOf(blob)).toEqual(evidenceSchema.parse(document));
    }
  });

  test('a fault web gives every node its part', () => {
    const { nodes } = faultWebDocument(INCIDENT, findings, 'food-buy');
    expect(Object.fromEntries(nodes.map(({ node, part }) => [node, part]))).toMatchObject({
      ...{ 'food-buy': 'root_cause', 'train-buy': 'propagated', 'food-cancel': 'healthy', 'drink-buy': 'silent' },
    });
  });

  test('what is no document is none', () => {
    expect(documentOf(new TextEncoder().encode('{"kind": "transcript"}'))).toBeUndefined();
    expect(documentOf(canonicalBytes({ kind: 'something else' }))).toBeUndefined();
    expect(documentOf(new Uint8Array([1, 2, 3]))).toBeUndefined();
  });
});

describe('cited evidence', () => {
  const check = async (documents: readonly Evidence[], missing = 0) => {
    const blobs = new Map(
      documents.map((document) => canonicalBytes(document)).map((blob) => [evidenceHash(blob), blob]),
    );
    const cites = [...blobs.keys(), ...Array.from({ length: missing }, (_, index) => String(index).repeat(64))];
    return checkCited({ evidence: async (hash) => blobs.get(hash) }, INCIDENT, cites, findings);
  };
  const snapshotWith = (change: (series: MetricsSnapshot['series'][number]) => object): Evidence => {
    const snapshot = snapshotDocument(INCIDENT, findings, SCOPE);
    const series = snapshot.series.map((item) =>
      item.metric === 'latency_ms' && item.node === 'food-buy' ? { ...item, ...change(item) } : item,
    );
    return { ...snapshot, series };
  };

  test('one that was measured alike is confirmed', async () => {
    const result = await check([
      snapshotDocument(INCIDENT, findings, SCOPE),
      graphDocument(INCIDENT, findings),
      assessmentDocument(INCIDENT, findings),
    ]);
    expect(result).toMatchObject({ unreadable: 0, discrepancies: [] });
    expect(result.compared).toBeGreaterThan(20);
  });

  test('a figure within measuring tolerance is the same figure', async () => {
    expect((await check([snapshotWith(() => ({ value: '22221.5' }))])).discrepancies).toEqual([]);
  });

  test.each<{ what: string; forge: () => Evidence; says: string }>([
    {
      what: 'another figure',
      forge: () => snapshotWith(() => ({ value: '120.0' })),
      says: 'food-buy latency_ms = 120.0, my own data shows 22220.0',
    },
    { what: 'a figure left out', forge: () => snapshotWith(() => ({ value: null })), says: 'latency_ms = nothing' },
    {
      what: 'an invented metric',
      forge: () => snapshotWith(() => ({ metric: 'disk_full' })),
      says: 'disk_full = 22220.0, my own data shows nothing',
    },
    {
      what: 'an invented silence',
      forge: () => ({ ...snapshotDocument(INCIDENT, findings, SCOPE), silentNodes: ['food-buy'] }),
      says: 'calls food-buy silent',
    },
    {
      what: 'an invented call',
      forge: () => ({ ...graphDocument(INCIDENT, findings), edges: [{ caller: 'food-buy', callee: 'train-buy' }] }),
      says: 'a call food-buy -> train-buy that I do not see',
    },
    {
      what: 'an invented candidate',
      forge: () => {
        const reason = { en: 'it is', zh: '是' };
        const candidates = [{ node: 'inventory-service', probability: 900, faultKind: 'errors', path: [], reason }];
        return { ...assessmentDocument(INCIDENT, findings), candidates };
      },
      says: 'inventory-service, which is in no data',
    },
    {
      what: "another incident's evidence",
      forge: () => graphDocument('INC-0002', findings),
      says: 'belongs to INC-0002',
    },
  ])('$what is noticed', async ({ forge, says }) => {
    const { discrepancies } = await check([forge()]);
    expect(discrepancies.length).toBeGreaterThan(0);
    expect(discrepancies[0]?.en).toContain(says);
    expect(discrepancies[0]?.zh).toMatch(/\p{Script=Han}/u);
  });

  test('a blob that this node does not hold is said to be unreadable, and held against nobody', async () => {
    expect(await check([], 2)).toEqual({ compared: 0, unreadable: 2, discrepancies: [] });
  });
});

describe('transcripts', () => {
  const head = { role: 'data_detective', reasoner: 'builtin', incidentId: INCIDENT, purpose: 'vote' } as const;
  const read = (blob: Uint8Array) => transcriptSchema.parse(parseCanonical(blob));

  test('actions keep their input as canonical text', () => {
    const recorder = new TranscriptRecorder();
    recorder.action('query_metrics', { nodes: ['b', 'a'], limit: 2 }, { en: 'use it', zh: '使用' });
    const { entries } = read(transcriptBlob(head, recorder.entries));
    expect(entries[0]).toMatchObject({ type: 'action', tool: 'query_metrics', input: '{"limit":2,"nodes":["b","a"]}' });
  });

  test('one that is too long keeps how it began and how it ended', () => {
    const recorder = new TranscriptRecorder();
    for (let index = 0; index < 1_000; index += 1) recorder.thought({ en: `thought ${index}`, zh: `思考 ${index}` });
    const { entries } = read(transcriptBlob(head, recorder.entries));
    expect(entries).toHaveLength(TRANSCRIPT_ENTRIES_MAX);
    expect([entries[0]?.text.en, entries.at(-1)?.text.en]).toEqual(['thought 0', 'thought 999']);
    expect(entries.some(({ text }) => text.en === '[801 entries left out]')).toBe(true);
  });

  test('one that is too large stays within a blob', () => {
    const recorder = new TranscriptRecorder();
    const text = '测'.repeat(3_000);
    for (let index = 0; index < 150; index += 1) recorder.thought({ en: text, zh: text });
    const blob = transcriptBlob(head, recorder.entries);
    expect(blob.length).toBeLessThanOrEqual(EVIDENCE_BLOB_BYTES_MAX);
    expect(read(blob).entries.length).toBeGreaterThan(10);
  });

  test('text that is no text, and inputs that are no JSON, do no harm', () => {
    const recorder = new TranscriptRecorder();
    recorder.thought({ en: 'broken \uD800 pair', zh: '坏' });
    recorder.action('x'.repeat(200), { share: 0.5 }, { en: 'use it', zh: '使用' });
    expect(read(transcriptBlob(head, recorder.entries)).entries[1]).toMatchObject({ input: '{"share":0.5}' });
  });
});

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['cut here please', 8, 'cut her…'],
  ['ab😀cd', 4, 'ab…'],
])('%s fits into %i characters as %s', (text, max, expected) => {
  expect(fitting(text, max)).toBe(expected);
});
