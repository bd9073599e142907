/** In which unit each parameter counts, so that a person reads `5 s` and `70 %` and not 5000 and 700. */
import type { Formatters } from '../lib/format.ts';
import type { I18n } from '../lib/i18n/use-i18n.ts';

export type ParamUnit = 'tokens' | 'points' | 'share' | 'duration' | 'gas' | 'count' | 'choice';

const SHARES: ReadonlySet<string> = new Set([
  'alpha',
  'beta',
  'rewards.voteGasRebate',
  'falsification.supporterLoss',
  'falsification.toChallenger',
]);
const COUNTS: ReadonlySet<string> = new Set(['roundsMax', 'falsification.outcomeReportsMin', 'staking.validatorsMin']);

/** Told from the end of the name, as the protocol names its parameters: `…Ms`, `…Share`, `…Reputation`. */
export function unitOf(name: string, value: number | string): ParamUnit {
  if (typeof value === 'string') return 'choice';
  if (name.endsWith('Ms')) return 'duration';
  if (name.endsWith('Share') || SHARES.has(name)) return 'share';
  if (name.endsWith('Reputation')) return 'points';
  if (name === 'gasLimitMin') return 'gas';
  return COUNTS.has(name) ? 'count' : 'tokens';
}

/** A setting of a parameter in words, with its unit. */
export function settingText(
  name: string,
  value: number | string,
  { t, name: nameOf, format }: Pick<I18n, 't' | 'name'> & { readonly format: Formatters },
): string {
  const unit = unitOf(name, value);
  switch (unit) {
    case 'choice':
      return nameOf('param.choice', String(value));
    case 'duration':
      return format.duration(Number(value));
    case 'share':
      return format.percent(Number(value));
    case 'count':
      return format.number(Number(value));
    default:
      return t(`param.unit.${unit}`, { value: format.number(Number(value)) });
  }
}
