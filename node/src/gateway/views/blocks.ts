/** Final blocks with what makes them final. */
import type { z } from 'zod';
import type { NodeView, StoredBlock } from '../../ports/index.ts';
import type { BlockDetail, BlockSummary, certificateSchema } from '../../protocol/api/index.ts';
import type { Certificate } from '../../protocol/types.ts';
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

/** Names and powers by index. An epoch that this node no longer knows has neither. */
function signersOf(node: NodeView, epoch: number): readonly { readonly name: string; readonly power: number }[] {
  const current = node.validators();
  if (current.epoch === epoch) return current.validators;
  if (epoch !== 0) return [];
  const { state } = node.final();
  return validatorSetOfGenesis(node.genesis).validators.map(({ key, power }) => ({
    name: validatorName(state, node.genesis, key),
    power,
  }));
}

function certificateOf(node: NodeView, certificate: Certificate): z.infer<typeof certificateSchema> {
  const { kind, epoch, view, block } = certificate;
  const set = signersOf(node, epoch);
  const signers = certificate.signers.map((validator) => ({ validator, name: set[validator]?.name ?? '' }));
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
    finality: certificateOf(node, finality.certificate),
    finalizedByDescendant: finality.descendants.length,
    previous: height > 0 ? { height: height - 1, hash: parentHash } : null,
    next: next ? { height: height + 1, hash: next.hash } : null,
  };
}
