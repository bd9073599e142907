import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { ApiProvider, type GatewayApi } from '../lib/api.ts';
import { mayPass } from '../lib/failure.ts';
import { I18nProvider, useChosenI18n } from '../lib/i18n/use-i18n.ts';
import { createLiveFeed, type LiveFeed } from '../lib/live/live-feed.ts';
import { LiveProvider } from '../lib/live/use-live.ts';
import { createRouter } from './routes.tsx';
import { ThemeProvider } from './theme-provider.tsx';

/** Attempts after a first failure that may pass. */
const RETRIES = 2;

const createClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always', // a node on this machine answers without the Internet
        refetchOnWindowFocus: false, // the stream says when there is something new
        staleTime: 1_000,
        retry: (failures, error) => failures < RETRIES && mayPass(error),
      },
    },
  });

interface Wiring {
  readonly client: QueryClient;
  readonly feed: LiveFeed;
  readonly router: ReturnType<typeof createRouter>;
}

function wire(api: GatewayApi): Wiring {
  const client = createClient();
  return { client, feed: createLiveFeed(api, client), router: createRouter() };
}

export function ExplorerApp({ api }: { readonly api: GatewayApi }) {
  const [{ client, feed, router }] = useState(() => wire(api));
  const i18n = useChosenI18n();
  useEffect(() => feed.start(), [feed]);
  return (
    <ApiProvider value={api}>
      <QueryClientProvider client={client}>
        <LiveProvider value={feed}>
          <I18nProvider value={i18n}>
            <ThemeProvider>
              <RouterProvider router={router} />
            </ThemeProvider>
          </I18nProvider>
        </LiveProvider>
      </QueryClientProvider>
    </ApiProvider>
  );
}
