// npm run bench: the measurements of build/bench/. Arguments go to them: npm run bench -- --help
import path from 'node:path';
import { ensureDist } from './dist.mjs';
import { ensureFfmpeg } from './ffmpeg.mjs';
import { ensurePackages, projectNode, top } from './packages.mjs';
import { runApp } from './run-app.mjs';

try {
  ensurePackages();
  if (!ensureFfmpeg()) throw new Error('Nothing was measured.');
  ensureDist();
  const main = path.join(top, 'build/bench/main.ts');
  process.exitCode = await runApp(projectNode, [main, ...process.argv.slice(2)]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
