/** In which unit each parameter counts, so that a person reads `5 s` and `70 %` and not 5000 and 700. */
import type { Formatters } from '../lib/format.ts';
import type { I18n } from '../lib/i18n/use-i18n.ts';

export type ParamUnit = 'tokens' | 'price' | 'points' | 'share' | 'duration' | 'gas' | 'count' | 'choice';

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
  if (name === 'gasPrice') return 'price';
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

/** A range of settings: the unit of plain numbers is said once, at its end. */
export function rangeText(
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
  i18n: Parameters<typeof settingText>[2],
): string {
  const unit = unitOf(name, min);
  const ownUnit = unit === 'duration' || unit === 'share';
  const from = ownUnit ? settingText(name, min, i18n) : i18n.format.number(min);
  return i18n.t('param.range', { min: from, max: settingText(name, max, i18n) });
}
