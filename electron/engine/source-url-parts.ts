import { MASK, redact, SECRET_PARAMETER } from './redact.ts';

export interface Credentials {
  username: string;
  password: string;
}

/** Takes `user:password@` out of a URL. Also a password that holds `@` unescaped comes out whole. */
export function splitCredentials(url: string): { url: string; credentials: Credentials | undefined } {
  const match = USER_INFO.exec(url);
  if (match === null) return { url, credentials: undefined };
  const [whole, scheme = '', userInfo = ''] = match;
  const bare = scheme + url.slice(whole.length);
  const colon = userInfo.indexOf(':');
  const username = colon < 0 ? userInfo : userInfo.slice(0, colon);
  const password = colon < 0 ? '' : userInfo.slice(colon + 1);
  if (username === '' && password === '') return { url: bare, credentials: undefined };
  return { url: bare, credentials: { username: decode(username), password: decode(password) } };
}

/** The URL as FFmpeg takes it, credentials percent-encoded (RFC 3986 3.2.1). */
export function withCredentials(url: string, credentials: Credentials | undefined): string {
  if (credentials === undefined) return url;
  const userInfo = `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@`;
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)/i, `$1${userInfo.replaceAll('$', '$$$$')}`);
}

/** The URL as it may be shown: passwords in parameters are masked, too. */
export function publicUrl(url: string): string {
  return redact(splitCredentials(url).url);
}

/** Whether the URL came back from a user with a mask where its secret was. */
export function holdsMask(url: string): boolean {
  return [...url.matchAll(SECRET_PARAMETER)].some(([parameter]) => parameter.endsWith(`=${MASK}`));
}

/** Whether a password given for one URL may be sent to the other: same host, same port, and no less protected. */
export function sameServer(a: string, b: string): boolean {
  const serverA = server(a);
  return serverA !== undefined && serverA === server(b);
}

/** Whether two URLs of one camera name the same machine, whatever the port: its credentials then serve both. */
export function sameHost(a: string, b: string): boolean {
  const hostA = server(a)?.split('|')[0];
  return hostA !== undefined && hostA === server(b)?.split('|')[0];
}

/** The authority's user information, up to the last `@` before the path (RFC 3986 3.2). */
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/i;

const DEFAULT_PORTS: Record<string, string> = { rtsp: '554', rtsps: '322', rtmp: '1935', http: '80', https: '443' };
const ENCRYPTED = new Set(['rtsps', 'https']);

function server(url: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  // Read as http: the WHATWG parser takes hosts and ports apart for its own schemes only. Its default port is lost
  // (an explicit :80 reads as none), so the port is taken from the text.
  const bare = splitCredentials(url).url;
  const asHttp = bare.replace(/^[^:]+:/, 'http:');
  if (scheme === undefined || !URL.canParse(asHttp)) return undefined;
  const port = /^[^:]+:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/.exec(bare)?.[1] ?? DEFAULT_PORTS[scheme];
  return `${new URL(asHttp).hostname}|${port}|${ENCRYPTED.has(scheme)}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % in a password that was not percent-encoded.
    return text;
  }
}
