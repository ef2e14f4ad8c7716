import { z } from 'zod';

/** The only schemes which may reach FFmpeg; `demo:` names one of the built-in demo cameras. */
export const SOURCE_SCHEMES = ['rtsp', 'rtsps', 'rtmp', 'http', 'https'] as const;

export type SourceUrlRefusal = 'not-a-url' | 'scheme' | 'no-host' | 'link-local' | 'characters' | 'too-long';

const LONGEST_URL = 2048;

/**
 * Says why a camera's URL may not be used, or undefined when it may.
 *
 * Refused are other schemes (`file:`, `concat:`, `data:` would make FFmpeg read local files), control characters and
 * spaces, and link-local addresses over HTTP, where clouds keep their instance credentials.
 */
export function refuseSourceUrl(text: string): SourceUrlRefusal | undefined {
  if (text.length > LONGEST_URL) return 'too-long';
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(text)) return 'characters';
  if (/^demo:[a-z0-9-]{1,40}$/.test(text)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return 'not-a-url';
  if (!(SOURCE_SCHEMES as readonly string[]).includes(scheme)) return 'scheme';
  // The WHATWG parser normalises hosts (0xA9FEA9FE, 169.254.43518) only for its special schemes: read it as http.
  const asHttp = text.replace(/^[^:]+:/, 'http:');
  if (!/^[^:]+:\/\/[^/]/.test(text)) return 'no-host';
  if (!URL.canParse(asHttp)) return 'not-a-url';
  const host = new URL(asHttp).hostname;
  if (host === '') return 'no-host';
  if ((scheme === 'http' || scheme === 'https') && isLinkLocal(host)) return 'link-local';
  return undefined;
}

export const SourceUrl = z.string().superRefine((text, context) => {
  const refusal = refuseSourceUrl(text);
  if (refusal !== undefined) context.addIssue({ code: 'custom', message: REFUSALS[refusal], params: { refusal } });
});

const REFUSALS: Record<SourceUrlRefusal, string> = {
  'not-a-url': 'This is not a URL. Write it as rtsp://address/path.',
  scheme: 'Only rtsp, rtsps, rtmp, http and https addresses can be cameras.',
  'no-host': 'The URL names no host. Write it as rtsp://address/path.',
  'link-local': 'Link-local HTTP addresses (169.254.x.x, fe80::) are refused.',
  characters: 'The URL holds spaces, backslashes or control characters. Write them percent-encoded.',
  'too-long': 'The URL is longer than 2048 characters.',
};

function isLinkLocal(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare.startsWith('169.254.') || /^fe[89ab][0-9a-f]:/.test(bare) || /^::ffff:a9fe:/.test(bare);
}
