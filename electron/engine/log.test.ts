import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog, openLog } from './log.ts';

describe('createLog', () => {
  it('lets no secret through, wherever it stands', () => {
    let text = '';
    const log = createLog('debug', (line) => (text += line));
    log.info({ url: 'rtsp://admin:hunter2@cam/a' }, 'opening rtsp://admin:hunter2@cam/a');
    log.warn({ err: new Error('rtsp://admin:hunter2@cam/a: 401'), camera: { source: { password: 'hunter2' } } }, 'x');
    log.error({ password: 'hunter2', path: '/?token=hunter2' }, 'http://cam/?user=a&pwd=hunter2&x=1');
    expect(text).not.toContain('hunter2');
    expect(text).toContain('rtsp://***@cam/a');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toHaveLength(3);
  });
});

describe('openLog', () => {
  it('writes a file, and warnings to the terminal in one line each', async () => {
    const logDir = await mkdtemp(join(tmpdir(), 'atalaya-log-'));
    const terminal = new PassThrough();
    const { log, close } = await openLog({ logDir, level: 'info', terminal });
    log.info('quiet');
    log.error({ err: new Error('no room') }, 'disk trouble');
    await close();
    await close();
    expect(terminal.read().toString()).toMatch(/^\d\d:\d\d:\d\d error disk trouble: no room\n$/);
    const [name] = await readdir(logDir);
    expect(name).toMatch(/^atalaya\.1\.log$/);
    const lines = (await readFile(join(logDir, name!), 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['quiet', 'disk trouble']);
    await rm(logDir, { recursive: true });
  });
});
