import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installDebianPackage } from './debian.mjs';
import { downloadBinary } from './download.mjs';
import { projectNode, say, top } from './packages.mjs';

/** @import { FoundFfmpeg, MissingFfmpeg } from '../native/ffmpeg-path.ts' */

/**
 * Makes sure that there is an FFmpeg: the one found, else Debian's, else the download of the package ffmpeg-static.
 * Says what to type when there is none.
 *
 * @returns {boolean} whether there is one
 */
export function ensureFfmpeg() {
  const found = findFfmpeg();
  if (found.kind === 'found') return true;
  if (process.env.ATALAYA_FFMPEG === undefined) {
    if (installDebianPackage('ffmpeg') && findFfmpeg().kind === 'found') return true;
    if (downloadStaticFfmpeg() && findFfmpeg().kind === 'found') return true;
    say(`FFmpeg is missing; nothing can be recorded without it. Type: ${found.installHint}`);
  } else {
    say(`ATALAYA_FFMPEG does not name an FFmpeg that runs: ${found.tried.join('; ')}`);
  }
  return false;
}

function findFfmpeg() {
  const { stdout, stderr, status } = spawnSync(projectNode, [path.join(top, 'build/find-ffmpeg.mjs')]);
  if (status !== 0) throw new Error(`Looking for FFmpeg failed: ${stderr.toString()}`);
  return /** @type {FoundFfmpeg | MissingFfmpeg} */ (JSON.parse(stdout.toString()));
}

const DOWNLOAD_LIMIT_MS = 120_000;

function downloadStaticFfmpeg() {
  const packageFolder = path.join(top, 'node_modules/ffmpeg-static');
  return downloadBinary({ what: 'FFmpeg (about 80 MB)', packageFolder, limitMs: DOWNLOAD_LIMIT_MS, retry: false });
}
