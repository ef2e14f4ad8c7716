// npm run bench: measures Atalaya against peers in the same run. Names and flags are explained by --help.
import path from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureDist } from './dist.mjs';
import { ensureFfmpeg } from './ffmpeg.mjs';
import { ensurePackages, projectNode, run, say, top } from './packages.mjs';

try {
  process.exitCode = await bench(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** @param {string[]} args */
async function bench(args) {
  ensurePackages();
  if (!ensureFfmpeg()) return 1;
  const chromium = await ensureChromium();
  if (chromium === undefined) say('Pictures on a screen are not measured.');
  else process.env.CHROMIUM_PATH = chromium;
  // What users get is measured: the bundles.
  ensureDist();
  return run(projectNode, [path.join(top, 'build/bench/main.ts'), ...args], { cwd: top }) ?? 1;
}
