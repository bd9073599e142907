/** Final blocks with what makes them final. */
import type { z } from 'zod';
import type { NodeView, StoredBlock } from '../../ports/index.ts';
import type { BlockDetail, BlockSummary, certificateSchema } from '../../protocol/api/index.ts';
import type { ValidatorsRecord } from '../../protocol/records.ts';
import type { Certificate, Validator } from '../../protocol/types.ts';
import { validatorSetOfGenesis } from '../../protocol/validator-set.ts';
import type { ChainReads } from '../reads.ts';
import { systemEventsOf } from './events.ts';
import { validatorName } from './parties.ts';
import { summaryOf as transactionSummaryOf } from './transactions.ts';

export function summaryOf(node: NodeView, { block, hash }: StoredBlock): BlockSummary {
  const { height, parentHash, transactionsRoot, timestampMs, proposer, view } = block.header;
  return {
    ...{ height, hash, parentHash, timestampMs, proposer, view },
    merkleRoot: transactionsRoot,
    transactionCount: block.transactions.length,
    proposerName: validatorName(node.final().state, node.genesis, proposer),
  };
}

/** The validators of an epoch by index: those of the newest change that is not after it. */
async function signersOf(
  { store, genesis }: Pick<NodeView, 'store' | 'genesis'>,
  epoch: number,
): Promise<readonly Validator[]> {
  const change = (await store.setChanges()).findLast((one) => one.epoch <= epoch);
  if (!change?.proof.value) return validatorSetOfGenesis(genesis).validators;
  return (JSON.parse(change.proof.value) as ValidatorsRecord).validators;
}

async function certificateOf(node: NodeView, certificate: Certificate): Promise<z.infer<typeof certificateSchema>> {
  const { kind, epoch, view, block } = certificate;
  const set = await signersOf(node, epoch);
  const { state } = node.final();
  const signers = certificate.signers.map((validator) => {
    const key = set[validator]?.key;
    return { validator, name: key ? validatorName(state, node.genesis, key) : '' };
  });
  const power = signers.reduce((sum, { validator }) => sum + (set[validator]?.power ?? 0), 0);
  const totalPower = set.reduce((sum, one) => sum + one.power, 0);
  return { kind, epoch, view, block, signers, power, totalPower };
}

export async function detailOf(node: NodeView, reads: ChainReads, stored: StoredBlock): Promise<BlockDetail> {
  const { block, finality } = stored;
  const { height, parentHash, epoch, receiptsRoot, stateRoot, evidenceRoot, validatorSetHash } = block.header;
  const { state } = node.final();
  const next = await reads.block(height + 1);
  return {
    ...summaryOf(node, stored),
    ...{ epoch, receiptsRoot, stateRoot, evidenceRoot, validatorSetHash },
    transactions: block.transactions.map((transaction, index) =>
      transactionSummaryOf(state, transaction, { stored, index }),
    ),
    systemEvents: systemEventsOf(stored),
    finality: await certificateOf(node, finality.certificate),
    finalizedByDescendant: finality.descendants.length,
    previous: height > 0 ? { height: height - 1, hash: parentHash } : null,
    next: next ? { height: height + 1, hash: next.hash } : null,
  };
}
