// Builds dist/: the engine's entry points with esbuild, the UI with vite. Runs on Node 24.
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build as esbuild, formatMessages } from 'esbuild';
import { build as vite } from 'vite';
import { top } from './packages.mjs';

/**
 * Each entry point becomes one file, dist/<name>.js. An entry point finds its siblings by its own address, so that
 * it works from source and from dist/ alike:
 *   new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)
 * Only entry points may use import.meta.url: other files become part of one and lose their place.
 */
const modules = ['main', 'headless', 'worker', 'simulator'].map((name) => `electron/${name}.ts`);

/** Electron loads a sandboxed preload script as CommonJS. */
const preloads = ['electron/preload.ts'];

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: top,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node24',
  sourcemap: true,
  // Errors are printed once, at the end.
  logLevel: 'silent',
};

async function bundleEngine() {
  const results = await Promise.all([
    // Packages stay in node_modules: some are native, pino starts threads from its own files, and stack traces stay
    // readable. What electron/ and native/ import is listed in "dependencies" and shipped.
    esbuild({ ...common, entryPoints: modules.filter(isThere), format: 'esm', packages: 'external' }),
    esbuild({
      ...common,
      entryPoints: preloads.filter(isThere),
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      external: ['electron'],
    }),
  ]);
  const warnings = results.flatMap((result) => result.warnings);
  for (const text of await formatMessages(warnings, { kind: 'warning' })) console.warn(text);
}

async function bundleRenderer() {
  if (isThere('renderer/index.html')) await vite({ configFile: path.join(top, 'vite.config.ts'), logLevel: 'warn' });
}

/** @param {string} file */
function isThere(file) {
  return existsSync(path.join(top, file));
}

/** Leaves dist/renderer to vite, which empties it when it is ready to write. */
async function removeOldModules() {
  const dist = path.join(top, 'dist');
  const names = isThere('dist') ? await readdir(dist) : [];
  await Promise.all(names.filter((name) => /\.c?js(\.map)?$/.test(name)).map((name) => rm(path.join(dist, name))));
}

await removeOldModules();
for (const result of await Promise.allSettled([bundleEngine(), bundleRenderer()])) {
  if (result.status === 'fulfilled') continue;
  console.error(result.reason instanceof Error ? result.reason.message : result.reason);
  process.exitCode = 1;
}
