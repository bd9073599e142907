/** Builds the explorer into `dist`, which every node serves at `/`. */
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Gateway of the first node of the local testnet. */
const GATEWAY = 'http://127.0.0.1:4001';

/** Kilobytes (minified) above which a chunk is worth a warning. */
const CHUNK_KB_MAX = 600;

const isBuiltin = (id: string): boolean => id.startsWith('node:') || builtinModules.includes(id);

/** Vite only warns about Node's modules in a browser bundle, and puts an empty object in their place. */
const noNodeModules = (): Plugin => ({
  name: 'no-node-modules',
  enforce: 'pre',
  apply: 'build',
  resolveId(id, importer) {
    if (isBuiltin(id)) this.error(`${importer ?? 'the entry'} imports ${id}, which no browser has`);
  },
});

/** The protocol declares constants and schemas; a screen that uses two of them does not want the SSZ types as well. */
const PROTOCOL = /[\\/]node[\\/]src[\\/]protocol[\\/]/;

/** Nothing is shaken off while developing: every screen loads the SSZ types, which want `Buffer` as they load. */
const bufferWhileDeveloping = (): Plugin => ({
  name: 'buffer-while-developing',
  apply: 'serve',
  transformIndexHtml: () => [
    {
      tag: 'script',
      attrs: { type: 'module', src: '/src/features/verify/buffer-global.ts' },
      injectTo: 'head-prepend',
    },
  ],
});

export default defineConfig({
  plugins: [react(), noNodeModules(), bufferWhileDeveloping()],
  resolve: {
    alias: [
      {
        find: /^@chainsafe\/as-sha256$/,
        replacement: join(import.meta.dirname, 'src/features/verify/plain-sha256.ts'),
      },
    ],
  },
  worker: { format: 'es', plugins: () => [noNodeModules()] },
  server: { proxy: { '/api': GATEWAY } },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: CHUNK_KB_MAX,
    rolldownOptions: {
      treeshake: { moduleSideEffects: (id) => !PROTOCOL.test(id) },
      output: {
        codeSplitting: {
          groups: [{ name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/ }],
        },
      },
    },
  },
});
