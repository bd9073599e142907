import { useI18n } from '../lib/i18n/use-i18n.ts';
import { ToneTag } from './tags.tsx';

interface NodeNameProps {
  readonly node: { readonly name: string; readonly validator: boolean };
}

/** The name of a node, and whether it is one that only follows. */
export function NodeName({ node: { name, validator } }: NodeNameProps) {
  const { t } = useI18n();
  return (
    <>
      {name}
      {!validator && (
        <>
          {' '}
          <ToneTag tone="info" title={t('node.fullHint')}>
            {t('node.full')}
          </ToneTag>
        </>
      )}
    </>
  );
}
