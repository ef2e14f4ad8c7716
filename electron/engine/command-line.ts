import { parseArgs } from 'node:util';

export interface CommandLine {
  kind: 'run';
  dataDir: string | undefined;
  port: number;
  demo: boolean;
  adminPassword: string | undefined;
  ffmpegPath: string | undefined;
  secretKey: string | undefined;
  logLevel: string;
}

export type ParsedCommandLine =
  | CommandLine
  | { kind: 'help'; text: string }
  | { kind: 'version' }
  /** A sentence that says what is wrong with the command. */
  | { kind: 'refused'; sentence: string };

export const DEFAULT_PORT = 8480;

/** Entry points forget these once they are read: workers and FFmpeg inherit the environment. */
export const SECRET_VARIABLES = ['ATALAYA_ADMIN_PASSWORD', 'ATALAYA_SECRET_KEY'];

const HELP = `Atalaya, a network video recorder.

  npm start -- [options]

  --headless        no window: the user interface is served to a browser
  --data-dir DIR    where database and recordings are kept    (ATALAYA_DATA_DIR)
  --port N          where the user interface is served, ${DEFAULT_PORT}  (ATALAYA_PORT)
  --demo            add four demo cameras that need no hardware
  --help            this text
  --version         the version

Environment: ATALAYA_ADMIN_PASSWORD creates the user "admin" at the first start,
ATALAYA_FFMPEG names the FFmpeg to use, ATALAYA_SECRET_KEY (32 bytes, base64)
encrypts the cameras' passwords instead of <data>/secret.key, ATALAYA_LOG_LEVEL
(debug, info, warn, error) says how much is logged.`;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'];

/**
 * Reads flags and environment; flags win. Other programs' flags are refused, but for the desktop app, where Chromium's
 * switches (`--ozone-platform=wayland`) stand among ours.
 */
export function parseCommandLine(
  args: readonly string[],
  env: Record<string, string | undefined>,
  unknownFlags: 'refused' | 'ignored' = 'refused',
): ParsedCommandLine {
  const ours = unknownFlags === 'refused' ? [...args] : args.filter((arg) => !isForeignSwitch(arg));
  let values;
  try {
    ({ values } = parseArgs({ args: ours, options: OPTIONS, strict: true, allowPositionals: false }));
  } catch (error) {
    return refused(`${firstSentence((error as Error).message)} Try --help.`);
  }
  if (values.help === true) return { kind: 'help', text: HELP };
  if (values.version === true) return { kind: 'version' };
  if (values.lan === true) {
    return refused('LAN access is not available yet: this version listens on this computer only. Leave out --lan.');
  }
  const port = parsePort(values.port ?? given(env['ATALAYA_PORT']));
  if (port === undefined) return refused('The port must be a number from 0 to 65535.');
  const dataDir = values['data-dir'] ?? given(env['ATALAYA_DATA_DIR']);
  if (dataDir === '') return refused('--data-dir needs the path of a folder.');
  const logLevel = given(env['ATALAYA_LOG_LEVEL']) ?? 'info';
  if (!LOG_LEVELS.includes(logLevel)) return refused(`ATALAYA_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`);
  return {
    kind: 'run',
    dataDir,
    port,
    demo: values.demo === true,
    adminPassword: given(env['ATALAYA_ADMIN_PASSWORD']),
    ffmpegPath: given(env['ATALAYA_FFMPEG']),
    secretKey: given(env['ATALAYA_SECRET_KEY']),
    logLevel,
  };
}

const OPTIONS = {
  headless: { type: 'boolean' },
  'data-dir': { type: 'string' },
  port: { type: 'string' },
  lan: { type: 'boolean' },
  demo: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

function isForeignSwitch(arg: string): boolean {
  const name = /^--?([^=]+)/.exec(arg)?.[1];
  return name !== undefined && !(name in OPTIONS);
}

function refused(sentence: string): ParsedCommandLine {
  return { kind: 'refused', sentence };
}

/** An empty variable is one that is not set. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

/** Node's messages go on to explain how to pass values that begin with a dash. */
function firstSentence(message: string): string {
  const [sentence = message] = message.split(/(?<=\.)\s|\n/);
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}
