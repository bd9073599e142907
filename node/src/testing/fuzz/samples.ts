/** Valid values of every kind that a peer may send or a disk may hold, from a chain on which an incident was solved. */
import type { LogRecord } from '../../consensus/index.ts';
import type { Block, Certificate, FinalityProof, Receipt, Vote } from '../../protocol/types.ts';
import { ZERO_HASH } from '../../protocol/types.ts';
import type { ConsensusMessage, SyncRequest, SyncResponse, TransactionEnvelope } from '../../protocol/wire.ts';
import { CaseChain, divided } from '../audit-kit.ts';

export interface Samples {
  readonly chain: CaseChain;
  readonly blocks: readonly Block[];
  readonly receipts: readonly Receipt[];
  readonly votes: readonly Vote[];
  readonly certificates: readonly Certificate[];
  readonly finality: readonly FinalityProof[];
  readonly messages: readonly ConsensusMessage[];
  readonly envelopes: readonly TransactionEnvelope[];
  readonly requests: readonly SyncRequest[];
  readonly responses: readonly SyncResponse[];
  readonly log: readonly LogRecord[];
}

const voteOf = ({ signers, signatures, ...subject }: Certificate): Vote => ({
  ...subject,
  validator: signers[0] ?? 0,
  signature: signatures[0] ?? '',
});

function requestsFor(hashes: readonly string[]): readonly SyncRequest[] {
  return [
    { type: 'status' },
    { type: 'blocks', fromHeight: 1, count: 64 },
    { type: 'block', hash: hashes[0] ?? ZERO_HASH },
    { type: 'certificates', epoch: 0, fromView: 1, toView: 9 },
    { type: 'evidence', hashes: hashes.slice(0, 3) },
  ];
}

/** The same values each time. */
export function fuzzSamples(): Samples {
  const chain = new CaseChain({}, { blocksPerCertificate: 2 });
  chain.open();
  chain.vote(chain.claim(), divided);
  chain.solve();
  if (chain.finalBlocks.length < chain.height) chain.block();
  const blobs = [...chain.blobs.values()];
  const blocks = chain.finalBlocks.map(({ block }) => block);
  const finality = chain.finalBlocks.map((final) => final.finality).slice(0, 4);
  const certificates = [
    ...finality.map(({ certificate }) => certificate),
    ...finality.map(({ certificate }) => ({ ...certificate, kind: 'notarize' as const })),
    ...finality.map(({ certificate }) => ({ ...certificate, kind: 'nullify' as const, block: ZERO_HASH })),
  ];
  const votes = certificates.map(voteOf);
  const transactions = blocks.flatMap((block) => block.transactions);
  return {
    ...{ chain, blocks, certificates, votes, finality },
    receipts: chain.finalBlocks.flatMap(({ receipts }) => receipts),
    messages: [
      ...blocks.map((block, index) => ({
        type: 'proposal' as const,
        block,
        vote: votes[index % votes.length] as Vote,
      })),
      ...votes.map((vote) => ({ type: 'vote' as const, vote })),
      ...certificates.map((certificate) => ({ type: 'certificate' as const, certificate })),
    ],
    envelopes: transactions.map((transaction) => ({
      transaction,
      blobs: transaction.evidence.map((hash) => chain.blobs.get(hash) ?? new Uint8Array()),
    })),
    requests: requestsFor([...chain.blobs.keys()]),
    responses: [
      { type: 'status', height: 7, hash: chain.genesisHash, view: 9 },
      { type: 'blocks', blocks: blocks.slice(0, 4), finality: finality[3] ?? null },
      { type: 'blocks', blocks: [], finality: null },
      { type: 'block', block: blocks[1] ?? null },
      { type: 'block', block: null },
      { type: 'certificates', certificates },
      { type: 'evidence', blobs },
    ],
    log: [
      ...votes.map((vote) => ({ type: 'vote' as const, vote })),
      ...blocks.map((block) => ({ type: 'block' as const, block })),
      ...certificates.map((certificate) => ({ type: 'certificate' as const, certificate })),
    ],
  };
}
