// npm run dev: the engine from source, restarted when it changes, and the UI with hot reload before it.
// Arguments go to the engine: npm run dev -- --demo
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureFfmpeg } from './ffmpeg.mjs';
import { ensurePackages, projectNode, say, top } from './packages.mjs';

ensurePackages();
ensureFfmpeg();

/** Beside the port of an installed Atalaya, so that both can run. */
const ENGINE_PORT = 8490;
const engineUrl = `http://127.0.0.1:${ENGINE_PORT}`;
const engineArgs = ['--port', String(ENGINE_PORT), '--data-dir', path.join(top, '.dev-data'), ...process.argv.slice(2)];

const engine = spawn(
  projectNode,
  ['--watch', '--watch-preserve-output', path.join(top, 'electron/headless.ts'), ...engineArgs],
  { stdio: 'inherit' },
);

const { createServer } = await import('vite');
const vite = await createServer({
  configFile: path.join(top, 'vite.config.ts'),
  server: {
    proxy: {
      '/api': {
        target: engineUrl,
        changeOrigin: true,
        ws: true,
        // The engine accepts requests of its own pages only.
        headers: { origin: engineUrl },
        rewriteWsOrigin: true,
      },
    },
  },
});
await vite.listen();
say(`The UI with hot reload is at ${vite.resolvedUrls?.local[0] ?? 'the address of vite'}`);

const stop = () => {
  engine.kill('SIGTERM');
  void vite.close();
};
process.on('SIGINT', stop).on('SIGTERM', stop);
engine.once('exit', (code) => {
  process.exitCode = code ?? 0;
  void vite.close();
});
