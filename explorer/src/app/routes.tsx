/** The screens by address. Each is fetched when it is first opened. */
import { createBrowserRouter } from 'react-router';
import { NotFound, RouteError } from './route-error.tsx';
import { Shell } from './shell/shell.tsx';

export const createRouter = () =>
  createBrowserRouter([
    {
      element: <Shell />,
      errorElement: <RouteError />,
      hydrateFallbackElement: <Shell />,
      children: [
        {
          errorElement: <RouteError />,
          children: [
            {
              index: true,
              lazy: async () => ({ Component: (await import('../features/console/console-page.tsx')).ConsolePage }),
            },
            {
              path: 'blocks',
              lazy: async () => ({ Component: (await import('../features/blocks/blocks-page.tsx')).BlocksPage }),
            },
            {
              path: 'blocks/:height',
              lazy: async () => ({ Component: (await import('../features/blocks/block-page.tsx')).BlockPage }),
            },
            {
              path: 'transactions',
              lazy: async () => ({
                Component: (await import('../features/transactions/transactions-page.tsx')).TransactionsPage,
              }),
            },
            {
              path: 'transactions/:hash',
              lazy: async () => ({
                Component: (await import('../features/transactions/transaction-page.tsx')).TransactionPage,
              }),
            },
            {
              path: 'incidents',
              lazy: async () => ({
                Component: (await import('../features/incidents/incidents-page.tsx')).IncidentsPage,
              }),
            },
            {
              path: 'incidents/:incidentId',
              lazy: async () => ({ Component: (await import('../features/incidents/incident-page.tsx')).IncidentPage }),
            },
            {
              path: 'economy',
              lazy: async () => ({ Component: (await import('../features/economy/economy-page.tsx')).EconomyPage }),
            },
            {
              path: 'governance',
              lazy: async () => ({
                Component: (await import('../features/governance/governance-page.tsx')).GovernancePage,
              }),
            },
            {
              path: 'validators',
              lazy: async () => ({
                Component: (await import('../features/validators/validators-page.tsx')).ValidatorsPage,
              }),
            },
            {
              path: 'verify',
              lazy: async () => ({ Component: (await import('../features/verify/verify-page.tsx')).VerifyPage }),
            },
            { path: '*', Component: NotFound },
          ],
        },
      ],
    },
  ]);
