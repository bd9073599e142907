/** Entry of the explorer: wires the client of this node, the caches and the screens. */
import { createClient } from '@dao-gov/node/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ExplorerApp } from './app/explorer-app.tsx';
import './app/styles/global.css';
import { bindApi } from './lib/api.ts';
import { loadPreferences } from './lib/preferences.ts';

loadPreferences();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <ExplorerApp api={bindApi(createClient({ baseUrl: '' }))} />
  </StrictMode>,
);
