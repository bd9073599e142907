/** The figures that contracts go by. They stand in the state, so governance can change them and a proof can show them. */
import type { Params } from '../../../protocol/genesis.ts';
import type { StateDraft } from '../../state/draft.ts';

export const paramsOf = (draft: StateDraft): Params => draft.must('params');
