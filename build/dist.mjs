import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectNode, run, say, top } from './packages.mjs';

/** What dist/ is made from. */
const SOURCES = [
  'electron',
  'native',
  'renderer',
  'resources/locales',
  'build/bundle.mjs',
  'vite.config.ts',
  'tsconfig.json',
  'package-lock.json',
];
const NOT_BUILT = /\.test\.tsx?$|\.md$|^electron\/test\//;
const marker = path.join(top, 'dist/.sources');

/** Builds dist/ unless it was built from the sources as they are. Throws when the build fails. */
export function ensureDist() {
  const sources = hashSources();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === sources) return;
  say('Building');
  rmSync(marker, { force: true });
  if (run(projectNode, [path.join(top, 'build/bundle.mjs')]) !== 0) throw new Error('The build failed.');
  writeFileSync(marker, sources);
}

/** By content: a fresh clone and a change of branch give every file a new time. */
function hashSources() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(listFiles)) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(top, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} relative to the top folder
 * @returns {string[]} files, sorted
 */
function listFiles(relative) {
  const absolute = path.join(top, relative);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [relative];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(top, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !NOT_BUILT.test(file))
    .sort();
}
