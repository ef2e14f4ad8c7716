// npm run check: format, lint, types, import rules, dead code, all at once; shows what failed and the time it took.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensurePackages, projectNode, top } from './packages.mjs';

ensurePackages();

const bin = (/** @type {string} */ file) => path.join(top, 'node_modules', file);
const tsc = bin('typescript/bin/tsc');
const checks = {
  format: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
  lint: [bin('eslint/bin/eslint.js'), '.'],
  'types of the engine': [tsc, '--noEmit', '-p', 'tsconfig.json'],
  'types of the UI': [tsc, '--noEmit', '-p', 'renderer/tsconfig.json'],
  'types of the end-to-end tests': [tsc, '--noEmit', '-p', 'electron/test/e2e/tsconfig.json'],
  'types of the scripts': [tsc, '--noEmit', '-p', 'build/tsconfig.json'],
  imports: [bin('dependency-cruiser/bin/dependency-cruise.mjs'), 'electron', 'native', 'renderer', 'build'],
  'dead code': [bin('knip/bin/knip.js'), '--no-progress'],
};

const startedMs = performance.now();
const results = await Promise.all(Object.entries(checks).map(([name, args]) => check(name, args)));
const failed = results.filter((result) => !result.passed);
for (const { name, output } of failed) console.error(`\n── ${name}\n${output.trimEnd()}`);
const summary = failed.length === 0 ? 'All checks passed' : `Failed: ${failed.map(({ name }) => name).join(', ')}`;
console.log(`${summary} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
process.exitCode = failed.length === 0 ? 0 : 1;

/**
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<{ name: string, passed: boolean, output: string }>}
 */
async function check(name, args) {
  const child = spawn(projectNode, args, { cwd: top, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
  const exitCode = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { name, passed: exitCode === 0, output };
}
