/** topology.csv: `caller,callee`, one call dependency a row. An empty callee declares a node that calls nothing. */
import type { Edge, Topology } from '../analysis/types.ts';
import { EDGES_MAX, TOPOLOGY_BYTES_MAX } from './constants.ts';
import { csvRows } from './csv.ts';
import { CaptureError } from './errors.ts';
import { nameProblem } from './schemas.ts';

export const TOPOLOGY_FILE = 'topology.csv';

export async function readTopology(bytes: AsyncIterable<Uint8Array>): Promise<Topology> {
  const file = TOPOLOGY_FILE;
  const nodes = new Set<string>();
  const edges: Edge[] = [];
  const spec = { file, bytesMax: TOPOLOGY_BYTES_MAX, columns: ['caller', 'callee'] };
  for await (const batch of csvRows(bytes, spec)) {
    for (const { cells, line } of batch) {
      const [caller = '', callee = ''] = cells;
      const why = nameProblem(caller) ?? (callee === '' ? null : nameProblem(callee));
      if (why !== null) throw new CaptureError({ code: 'row-invalid', file, line, why });
      if (edges.length >= EDGES_MAX || nodes.size >= EDGES_MAX) {
        throw new CaptureError({ code: 'file-too-large', file, what: 'edges', max: EDGES_MAX });
      }
      nodes.add(caller);
      if (callee === '') continue;
      nodes.add(callee);
      edges.push({ caller, callee });
    }
  }
  return { nodes: [...nodes], edges };
}
