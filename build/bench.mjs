// npm run bench: runs the measurements in build/bench/ one after the other, all or those whose name is given.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureDist } from './dist.mjs';
import { ensureFfmpeg } from './ffmpeg.mjs';
import { ensurePackages, projectNode, run, top } from './packages.mjs';

const folder = path.join(top, 'build/bench');
const wanted = process.argv.slice(2);
const benches = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)))
  .sort();

ensurePackages();
if (!ensureFfmpeg()) process.exit(1);
ensureDist();
if (benches.length === 0) console.log('There is nothing to measure.');
const failed = benches.filter((file) => run(projectNode, [path.join(folder, file)], { cwd: top }) !== 0);
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
