/** Test-only: a small server on this machine that speaks the chat completions API the way a test wants it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChatRequest {
  readonly model: string;
  readonly temperature?: number;
  readonly response_format?: { readonly type: string };
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly messages: readonly {
    readonly role: string;
    readonly content: string;
    readonly tool_call_id?: string;
    readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
  }[];
}

export type Reply =
  | { readonly calls: readonly { readonly name: string; readonly input: unknown }[]; readonly finish?: string }
  | { readonly text: string; readonly finish?: string }
  | { readonly refusal: string }
  /** Anything at all as JSON, in place of a completion. */
  | { readonly json: unknown }
  | {
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** So many bytes of an answer that would never end by itself. */
  | { readonly flood: number }
  /** Half an answer, and then the connection is gone. */
  | 'break'
  | 'hang';

export type Behaviour = (request: ChatRequest, count: number) => Reply;

export class ModelServer {
  readonly requests: ChatRequest[] = [];
  readonly #server: Server;
  #behaviour: Behaviour = () => ({ status: 500 });
  #calls = 0;
  #connections = 0;
  #onRequest = (): void => {};

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('connection', () => {
      this.#connections += 1;
    });
  }

  /** Connections that were ever opened to it, whether or not anything was asked over them. */
  get connections(): number {
    return this.#connections;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** From now on; what was asked before is forgotten. */
  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
    this.requests.length = 0;
  }

  /** Resolves when the next request has arrived. */
  nextRequest(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRequest = resolve;
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const asked = JSON.parse(body) as ChatRequest;
    this.requests.push(asked);
    const reply = this.#behaviour(asked, this.requests.length);
    this.#onRequest();
    if (reply === 'hang') return;
    if (reply === 'break') return this.#break(response);
    if ('flood' in reply) return flood(response, reply.flood);
    if ('status' in reply) {
      response
        .writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
        .end(reply.body ?? '{}');
      return;
    }
    const answer = 'json' in reply ? reply.json : this.#completion(reply, asked);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #break(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"choices":[{"message":{"content":"', () => response.destroy());
  }

  #completion(reply: Extract<Reply, object>, { model }: ChatRequest) {
    const message = { role: 'assistant', content: null, refusal: null, ...this.#messageOf(reply) };
    const finish =
      'finish' in reply && reply.finish !== undefined ? reply.finish : 'calls' in reply ? 'tool_calls' : 'stop';
    return {
      ...{ id: 'completion', object: 'chat.completion', created: 0, model },
      choices: [{ index: 0, finish_reason: finish, logprobs: null, message }],
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    };
  }

  #messageOf(reply: Extract<Reply, object>): object {
    if ('text' in reply) return { content: reply.text };
    if ('refusal' in reply) return { refusal: reply.refusal };
    return 'calls' in reply ? { tool_calls: reply.calls.map((call) => this.#callOf(call)) } : {};
  }

  #callOf({ name, input }: { readonly name: string; readonly input: unknown }) {
    this.#calls += 1;
    const text = typeof input === 'string' ? input : JSON.stringify(input);
    return { id: `call-${this.#calls}`, type: 'function', function: { name, arguments: text } };
  }
}

const FLOOD_CHUNK = Buffer.alloc(64 * 1024, 'a');

function flood(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= FLOOD_CHUNK.length;
      if (!response.write(FLOOD_CHUNK)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

export interface Task {
  readonly purpose: string;
  readonly alert: { readonly node: string; readonly title: string };
  readonly rootCause: string;
  readonly rejectedCauses: readonly string[];
  readonly probabilityMin: number;
  readonly motion: { readonly policy: unknown } | null;
}

/** What the user message says of the task. */
export function taskIn({ messages }: ChatRequest): Task {
  const text = messages.find(({ role }) => role === 'user')?.content ?? '';
  return JSON.parse(/^Task \(data\):\n(.*)$/m.exec(text)?.[1] ?? '{}') as Task;
}

/** Results of the tools that were called so far, by tool. */
function resultsIn({ messages }: ChatRequest): ReadonlyMap<string, string> {
  const calls = messages.flatMap(({ tool_calls: made }) => made ?? []);
  const answers = messages.filter(({ role }) => role === 'tool');
  return new Map(calls.map((call, index) => [call.function.name, answers[index]?.content ?? '']));
}

/** A model that does as it is told: it asks the tools that matter, and answers with what they said. */
export function decideLikeTheEngine(request: ChatRequest): Reply {
  const task = taskIn(request);
  const results = resultsIn(request);
  const wanted = questionsOf(task).filter(({ name }) => !results.has(name));
  if (wanted.length > 0) return { calls: wanted };
  return { text: JSON.stringify(answerOf(task, results)) };
}

function questionsOf({
  purpose,
  alert,
  rootCause,
}: Task): readonly { readonly name: string; readonly input: unknown }[] {
  switch (purpose) {
    case 'triage':
      return [{ name: 'read_alerts', input: {} }];
    case 'propose_root_cause':
    case 'submit_fault_assessment':
      return [{ name: 'assess_fault_probability', input: {} }];
    case 'challenge':
      return [
        { name: 'assess_fault_probability', input: {} },
        { name: 'judge_claim', input: { rootCause } },
      ];
    case 'vote_motion':
      return [];
    case 'vote':
    case 'vote_challenge':
      return [
        { name: 'check_evidence', input: {} },
        { name: 'judge_claim', input: { rootCause } },
      ];
    case 'submit_solution':
      return [{ name: 'list_repair_steps', input: { rootCause } }];
    case 'submit_fault_web':
      return [{ name: 'build_fault_web', input: { rootCause } }];
    default:
      return [{ name: 'query_dependencies', input: { node: alert.node } }];
  }
}

const parsed = (text: string | undefined): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(text ?? '{}') as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
};

function answerOf(task: Task, results: ReadonlyMap<string, string>): unknown {
  const { purpose, alert, rootCause, rejectedCauses, probabilityMin } = task;
  switch (purpose) {
    case 'triage':
      return { priority: 'P1', summary: `A severe symptom at ${alert.node}` };
    case 'schedule_tasks':
      return { scope: [alert.node], summary: `Examine ${alert.node}` };
    case 'propose_root_cause':
      return claimOf(parsed(results.get('assess_fault_probability')), rejectedCauses, probabilityMin);
    case 'challenge': {
      const { rootCause: cause, reason } = claimOf(parsed(results.get('assess_fault_probability')), [], probabilityMin);
      return { rootCause: cause === rootCause ? null : cause, reason };
    }
    case 'vote_motion':
      return task.motion?.policy;
    case 'vote':
    case 'vote_challenge': {
      const judged = parsed(results.get('judge_claim'));
      const reason = { en: 'There is no telemetry of the source.', zh: '没有遥测数据。' };
      if (!('option' in judged)) return { option: 'Abstain', confidence: 0, reason };
      const { option, confidence, reason: own } = judged;
      const turned = { For: 'Against', Against: 'For', Abstain: 'Abstain' }[String(option)];
      return { option: purpose === 'vote' ? option : turned, confidence, reason: own };
    }
    case 'submit_solution': {
      const { steps = [] } = parsed(results.get('list_repair_steps'));
      return { summary: `Repair ${rootCause}`, steps };
    }
    default:
      return { summary: `What stands out around ${alert.node}` };
  }
}

function claimOf(assessment: object, rejectedCauses: readonly string[], probabilityMin: number) {
  interface Candidate {
    readonly node: string;
    readonly probability: number;
    readonly faultKind: string;
    readonly reason: unknown;
  }
  const { candidates = [] } = assessment as { readonly candidates?: readonly Candidate[] };
  const candidate = candidates.find(
    ({ node, probability }) => !rejectedCauses.includes(node) && probability >= probabilityMin,
  );
  if (!candidate) {
    return {
      rootCause: null,
      faultKind: 'unknown',
      probability: 0,
      reason: { en: 'Nothing stands out.', zh: '没有突出的异常。' },
    };
  }
  const { node, faultKind, probability, reason } = candidate;
  return { rootCause: node, faultKind, probability, reason };
}
