import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The UI, built to dist/renderer and served by the engine under a strict Content-Security-Policy: no inline scripts
 * (hence no module preload polyfill) and nothing embedded as data: URLs.
 */
export default defineConfig({
  root: import.meta.dirname + '/renderer',
  base: '/',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: import.meta.dirname + '/dist/renderer',
    emptyOutDir: true,
    // Chromium of Electron 45, and browsers of the last two years on the network.
    target: ['chrome120', 'firefox120', 'safari17.4'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Chunks that others share run before the page's own, so what must come before the first schema comes with Zod.
          groups: [{ name: 'zod', test: /node_modules[\\/]zod|renderer[\\/]content-policy/ }],
        },
      },
    },
    // video.js with its HLS engine is one chunk of about 700 kB; it comes from the same machine.
    chunkSizeWarningLimit: 1000,
  },
});
