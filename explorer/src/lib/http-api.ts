/** The gateway over fetch and EventSource (until the client lands). */
import { bundleUrl, type GatewayApi } from './api.ts';
import { GatewayError } from './gateway-error.ts';

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    throw new GatewayError(null, error);
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => null);
    throw new GatewayError(problem ?? { code: 'INTERNAL', status: response.status, detail: '' });
  }
  return response;
}
const get = async (path: string, query: object = {}) => {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  ).toString();
  return (await request(search ? `${path}?${search}` : path)).json();
};

export const createHttpApi = (): GatewayApi => ({
  chain: () => get('/api/chain'),
  blocks: (query) => get('/api/blocks', query),
  block: (height) => get(`/api/block/${height}`),
  transactions: (query) => get('/api/transactions', query),
  transaction: (hash) => get(`/api/tx/${hash}`),
  pending: () => get('/api/pending'),
  sop: () => get('/api/status/sop'),
  incidents: (query) => get('/api/incidents', query),
  incident: (id) => get(`/api/incidents/${id}`),
  proposal: (id) => get(`/api/proposals/${id}`),
  economics: () => get('/api/agents/economics'),
  validators: () => get('/api/validators'),
  consensus: () => get('/api/consensus'),
  peers: () => get('/api/peers'),
  evidence: (hash) => get(`/api/evidence/${hash}`),
  log: (query) => get('/api/log', query),
  genesisFile: async () => (await request('/api/genesis')).arrayBuffer(),
  bundleFile: async (id) => (await request(bundleUrl(id))).arrayBuffer(),
  reset: async (token) =>
    (
      await request('/api/reset', { method: 'POST', headers: token ? { authorization: `Bearer ${token}` } : {} })
    ).json(),
  follow: (listener) => {
    const source = new EventSource('/api/stream');
    source.onopen = () => listener.opened();
    source.onerror = () => listener.lost();
    source.addEventListener('block', (event) => listener.block(JSON.parse(event.data)));
    source.addEventListener('log', (event) => listener.log(JSON.parse(event.data)));
    source.addEventListener('status', (event) => listener.status(JSON.parse(event.data)));
    source.addEventListener('reset', (event) => listener.reset(JSON.parse(event.data).reason));
    return () => source.close();
  },
});
