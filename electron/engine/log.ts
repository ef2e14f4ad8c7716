import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import pinoRoll from 'pino-roll';
import { redact } from './redact.ts';

export type Log = Logger;

export interface LogOptions {
  /** Folder of the rotated log files. */
  logDir: string;
  level: string;
  /** Warnings and errors are repeated here, one readable line each. */
  terminal?: Writable;
}

export interface OpenLog {
  log: Log;
  close(): Promise<void>;
}

/** 10 files of 10 MB: weeks of an ordinary installation, and a bound for one whose cameras fail all the time. */
const FILE_SIZE = '10m';
const OLD_FILES = 9;

/** Structured log (one JSON object a line) into rotated files, without secrets whatever the caller passes. */
export async function openLog(options: LogOptions): Promise<OpenLog> {
  const file = await pinoRoll({
    file: join(options.logDir, 'atalaya'),
    extension: '.log',
    size: FILE_SIZE,
    limit: { count: OLD_FILES },
    mkdir: true,
  });
  // A full disk must not stop the engine: what cannot be logged is lost, and the terminal still has the warnings.
  file.on('error', () => {});
  const terminal = options.terminal;
  const log = createLog(options.level, (line) => {
    file.write(line);
    if (terminal !== undefined) writeToTerminal(terminal, line);
  });
  let closing: Promise<void> | undefined;
  return {
    log,
    close: () =>
      (closing ??= (async () => {
        const closed = once(file, 'close');
        file.end();
        await closed;
      })()),
  };
}

/** The same log with another destination: tests and small tools. */
export function createLog(level: string, write: (line: string) => void): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '***' },
    },
    { write: (line: string) => write(redact(line)) },
  );
}

const SECRET_KEYS = ['password', 'token', 'launchToken', 'secret', 'authorization', 'cookie'];

function writeToTerminal(terminal: Writable, line: string): void {
  const record = JSON.parse(line) as Record<string, unknown>;
  const { time, level, msg, err } = record;
  if (level !== 'warn' && level !== 'error' && level !== 'fatal') return;
  const reason = typeof err === 'object' && err !== null && 'message' in err ? `: ${String(err.message)}` : '';
  terminal.write(`${String(time).slice(11, 19)} ${level.padEnd(5)} ${String(msg)}${reason}\n`);
}
