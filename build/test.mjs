// npm test: installs what the tests need, builds, runs them all. Runs on Node 20 without packages.
// Arguments go to vitest: npm test -- electron/mp4
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureDist } from './dist.mjs';
import { ensureFfmpeg } from './ffmpeg.mjs';
import { ensurePackages, projectNode, run, say, top } from './packages.mjs';

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: FileResult[] }} Report vitest's JSON report
 */

const reportFile = path.join(top, 'node_modules/.cache/vitest-report.json');

try {
  process.exitCode = await test(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** @param {string[]} vitestArgs */
async function test(vitestArgs) {
  ensurePackages();
  const hasFfmpeg = ensureFfmpeg();
  const chromium = await ensureChromium();
  ensureDist();

  mkdirSync(path.dirname(reportFile), { recursive: true });
  rmSync(reportFile, { force: true });
  if (chromium !== undefined) process.env.CHROMIUM_PATH = chromium;
  else say('The end-to-end tests are left out, and the run counts as failed.');
  const exitCode = run(projectNode, [
    path.join(top, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...(chromium === undefined ? ['--project=!e2e'] : []),
    ...vitestArgs,
  ]);

  if (!existsSync(reportFile)) throw new Error('The tests did not run.');
  const { passed, failed, skipped } = count(readFileSync(reportFile, 'utf8'));
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  const isWhole = hasFfmpeg && chromium !== undefined && passed > 0 && failed === 0;
  return isWhole ? (exitCode ?? 1) : exitCode || 1;
}

/**
 * A file that cannot even be loaded counts as one failure.
 *
 * @param {string} json
 */
function count(json) {
  const report = /** @type {Report} */ (JSON.parse(json));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
