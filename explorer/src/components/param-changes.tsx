import { useI18n } from '../lib/i18n/use-i18n.ts';
import type { ParamMove } from './event-data.ts';
import { settingText } from './parameter-units.ts';

/** Changes of parameters in one flow of text: each in words, from what to what. */
export function ParamChanges({ changes }: { readonly changes: readonly ParamMove[] }) {
  const i18n = useI18n();
  const text = changes.map(({ name, to, from }) => {
    const before = from === undefined ? '' : `${settingText(name, from, i18n)} `;
    return `${i18n.name('param.of', name)} ${before}→ ${settingText(name, to, i18n)}`;
  });
  return <span title={changes.map(({ name }) => name).join(', ')}>{text.join('; ')}</span>;
}
