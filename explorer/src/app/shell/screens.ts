import type { MessageKey } from '../../lib/i18n/en-US/index.ts';

/** The screens of the navigation, in its order. */
export const SCREENS: readonly { readonly path: string; readonly title: MessageKey }[] = [
  { path: '/', title: 'nav.console' },
  { path: '/blocks', title: 'nav.blocks' },
  { path: '/transactions', title: 'nav.transactions' },
  { path: '/incidents', title: 'nav.incidents' },
  { path: '/economy', title: 'nav.economy' },
  { path: '/governance', title: 'nav.governance' },
  { path: '/validators', title: 'nav.validators' },
  { path: '/verify', title: 'nav.verify' },
];
