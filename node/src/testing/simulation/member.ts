import type { ConsensusState, Effect, LogRecord } from '../../consensus/index.ts';
import type { Block, Certificate, Header } from '../../protocol/types.ts';
import type { Actor } from './byzantine/index.ts';
import type { Machine } from './scenario.ts';

/** Why the last block of an epoch is final. */
export interface Closing {
  readonly certificate: Certificate;
  readonly tails: readonly Header[];
}

/** One machine. Two of them may run with the key of one validator. */
export interface Member {
  readonly id: number;
  readonly validator: number;
  readonly actor: Actor | null;
  readonly machine: Machine;
  state: ConsensusState;
  alive: boolean;
  /** Grows at each crash, so that nothing from an earlier life goes on. */
  life: number;
  /** On disk: these survive. */
  log: LogRecord[];
  final: Block[];
  finality: Certificate | null;
  /** On disk as well: what ended each epoch that this machine has been through. */
  closings: Map<number, Closing>;
  /** Being written. */
  writing: readonly LogRecord[];
  /** What waits for its turn: each gives the effects to perform before the next. */
  inbox: (() => readonly Effect[])[];
  busy: boolean;
  wake: number;
  syncing: boolean;
}

/** A machine that has never run. */
export const blankMember = (id: number, validator: number, machine: Machine): Omit<Member, 'state' | 'actor'> => ({
  id,
  validator,
  machine,
  alive: false,
  life: 0,
  log: [],
  final: [],
  finality: null,
  closings: new Map(),
  writing: [],
  inbox: [],
  busy: false,
  wake: 0,
  syncing: false,
});
