/** Proofs against final blocks, for who does not take this node's word. */
import { createRoute, z } from '@hono/zod-openapi';
import { stateProofViewSchema, transactionProofViewSchema } from '../../protocol/api/index.ts';
import { fromHex } from '../../protocol/bytes.ts';
import { hash } from '../../protocol/calls.ts';
import { receiptHash } from '../../protocol/hashing.ts';
import { proveListItem } from '../../protocol/merkle/list.ts';
import { BLOCK_LIST_LIMIT } from '../../protocol/ssz.ts';
import type { Hash } from '../../protocol/types.ts';
import { STATE_KEY_LENGTH_MAX } from '../constants.ts';
import type { GatewayContext } from '../context.ts';
import { answers, type GatewayApp } from '../openapi.ts';
import { HttpProblem } from '../problems.ts';

const tags = ['proofs'];

const proveState = createRoute({
  ...{ method: 'get', path: '/api/proofs/state', tags },
  summary: 'Proof of a record, or of its absence, under the newest final state root',
  request: { query: z.object({ key: z.string().min(1).max(STATE_KEY_LENGTH_MAX) }) },
  responses: answers(stateProofViewSchema, 'The proof.'),
});

const proveTransaction = createRoute({
  ...{ method: 'get', path: '/api/proofs/transaction/{hash}', tags },
  summary: 'Proof that a final block holds a transaction and its receipt',
  request: { params: z.object({ hash }) },
  responses: answers(transactionProofViewSchema, 'The proofs.'),
});

function listProof(leaves: readonly Hash[], index: number) {
  const { siblings, ...proof } = proveListItem(
    leaves.map((leaf) => fromHex(leaf, 32)),
    index,
    BLOCK_LIST_LIMIT,
  );
  return { ...proof, siblings: [...siblings] };
}

export function proofRoutes(app: GatewayApp, { deps, reads }: GatewayContext): void {
  const { node } = deps;

  app.openapi(proveState, (c) => {
    const { height, state } = node.final();
    const { siblings, ...proof } = state.prove(c.req.valid('query').key);
    return c.json({ height, stateRoot: state.root(), proof: { ...proof, siblings: [...siblings] } }, 200);
  });

  app.openapi(proveTransaction, async (c) => {
    const wanted = c.req.valid('param').hash;
    const place = await node.store.placeOf(wanted);
    const stored = place && (await reads.block(place.height));
    const receipt = place && stored?.receipts[place.index];
    if (!stored || !receipt) throw new HttpProblem('NOT_FOUND', 'no final block here holds that transaction');
    const { height, transactionsRoot, receiptsRoot } = stored.block.header;
    // The block's own receipt, which comes last, is no transaction's.
    const hashes = stored.receipts.slice(0, stored.block.transactions.length).map(({ transaction }) => transaction);
    return c.json(
      {
        ...{ height, transactionsRoot, receiptsRoot, transaction: wanted },
        receipt: receiptHash(receipt),
        transactionProof: listProof(hashes, place.index),
        receiptProof: listProof(stored.receipts.map(receiptHash), place.index),
      },
      200,
    );
  });
}
