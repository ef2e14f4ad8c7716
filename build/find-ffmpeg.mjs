// Prints what native/ffmpeg-path.ts finds, as JSON. Runs on Node 24, for scripts which may run on an older one.
import process from 'node:process';
import { findFfmpeg } from '../native/ffmpeg-path.ts';

const found = await findFfmpeg({
  explicitPath: process.env.ATALAYA_FFMPEG,
  resourcesDir: import.meta.dirname + '/../resources',
  pathEnv: process.env.PATH ?? '',
  platform: process.platform,
  arch: process.arch,
});
process.stdout.write(JSON.stringify(found));
