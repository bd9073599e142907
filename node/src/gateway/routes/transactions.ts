/** Transactions: look them up, list them, hand one in. */
import { createRoute, z } from '@hono/zod-openapi';
import {
  accountSchema,
  pendingSchema,
  submitSchema,
  submittedSchema,
  transactionDetailSchema,
  transactionPageSchema,
} from '../../protocol/api/index.ts';
import { address, hash } from '../../protocol/calls.ts';
import type { Hash } from '../../protocol/types.ts';
import { PENDING_LISTED_MAX } from '../constants.ts';
import type { GatewayContext } from '../context.ts';
import { answers, type GatewayApp, jsonBody } from '../openapi.ts';
import { beforePlace, limit, walkPage } from '../pages.ts';
import { HttpProblem } from '../problems.ts';
import { accountOf } from '../views/economy.ts';
import { detailOf, type Included, placedSummariesOf, summaryOf } from '../views/transactions.ts';

const tags = ['chain'];

const listTransactions = createRoute({
  ...{ method: 'get', path: '/api/transactions', tags },
  summary: 'Transactions of final blocks, newest first; a page may be short and still have a next one',
  request: {
    query: z.object({ limit, before: beforePlace, type: z.string().max(64).optional(), sender: address.optional() }),
  },
  responses: answers(transactionPageSchema, 'A page of transactions.'),
});

const getTransaction = createRoute({
  ...{ method: 'get', path: '/api/tx/{hash}', tags },
  summary: 'A transaction, in a final block or waiting for one',
  request: { params: z.object({ hash }) },
  responses: answers(transactionDetailSchema, 'The transaction.'),
});

const listPending = createRoute({
  ...{ method: 'get', path: '/api/pending', tags },
  summary: 'Transactions that wait in this node',
  responses: answers(pendingSchema, 'How many wait, and the first of them.'),
});

const getAccount = createRoute({
  ...{ method: 'get', path: '/api/accounts/{address}', tags },
  summary: 'An account, with the nonce that its next transaction should carry',
  request: { params: z.object({ address }) },
  responses: answers(accountSchema, 'The account.'),
});

const submit = createRoute({
  ...{ method: 'post', path: '/api/tx', tags: ['mutations'] },
  summary: 'Hands in a signed transaction with its evidence; accepted is not yet final',
  request: { body: jsonBody(submitSchema) },
  responses: answers(submittedSchema, 'It waits for a block and is passed on to the other nodes.', 202),
});

async function includedAt({ deps, reads }: GatewayContext, transaction: Hash): Promise<Included | undefined> {
  const place = await deps.node.store.placeOf(transaction);
  const stored = place && (await reads.block(place.height));
  return place && stored ? { stored, index: place.index } : undefined;
}

export function transactionRoutes(app: GatewayApp, context: GatewayContext): void {
  const { deps, reads, busy, evidence } = context;
  const { node } = deps;

  app.openapi(listTransactions, async (c) => {
    const { before, limit: count, ...filter } = c.req.valid('query');
    const { height: tip, state } = node.final();
    const itemsOf = (stored: Included['stored']) => placedSummariesOf(state, stored, filter);
    return c.json(await walkPage({ reads, busy, tip, limit: count, before, itemsOf }), 200);
  });

  app.openapi(getTransaction, async (c) => {
    const wanted = c.req.valid('param').hash;
    // Pending first: a transaction that becomes final in between is then found in its block.
    const waiting = node.pending().find((one) => one.hash === wanted)?.transaction;
    const included = await includedAt(context, wanted);
    const transaction = included?.stored.block.transactions[included.index] ?? waiting;
    if (!transaction) throw new HttpProblem('NOT_FOUND', 'this node knows no such transaction');
    return c.json(await detailOf(node.final().state, evidence, transaction, included ?? null), 200);
  });

  app.openapi(listPending, (c) => {
    const waiting = node.pending();
    const { state } = node.final();
    const items = waiting.slice(0, PENDING_LISTED_MAX).map(({ transaction }) => summaryOf(state, transaction, null));
    return c.json({ count: waiting.length, items }, 200);
  });

  app.openapi(getAccount, (c) => {
    const of = c.req.valid('param').address;
    const account = accountOf(node, of, deps.nextNonce(of));
    if (!account) throw new HttpProblem('NOT_FOUND', 'the address has no account');
    return c.json(account, 200);
  });

  app.openapi(submit, async (c) => {
    const { transaction, blobs } = c.req.valid('json');
    const envelope = { transaction, blobs: blobs.map((base64) => new Uint8Array(Buffer.from(base64, 'base64'))) };
    return c.json({ hash: await node.submit(envelope) }, 202);
  });
}
