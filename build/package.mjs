// npm run package: the installers of this platform, in release/. With --dir only the unpacked folder.
import path from 'node:path';
import { ensureDist } from './dist.mjs';
import { electronDist, ensureElectron } from './electron-binary.mjs';
import { ensurePackages, projectNode, run, top } from './packages.mjs';

try {
  ensurePackages();
  ensureDist();
  if (ensureElectron({ retry: true }) === undefined) {
    throw new Error('Nothing was packaged: Electron, which goes into every package, could not be downloaded.');
  }
  const builder = path.join(top, 'node_modules/electron-builder/cli.js');
  const args = ['--publish', 'never', `-c.electronDist=${electronDist}`, ...process.argv.slice(2)];
  process.exitCode = run(projectNode, [builder, ...args], { cwd: top }) ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
