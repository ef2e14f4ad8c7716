import { createHash, timingSafeEqual } from 'node:crypto';
import type { RtspRequest } from './rtsp-message.ts';

export interface CameraCredentials {
  readonly user: string;
  readonly password: string;
  readonly scheme: 'basic' | 'digest';
  /** Digest only: announce quality of protection (RFC 2617) rather than the older form without it (RFC 2069). */
  readonly qop?: 'auth';
}

const REALM = 'Simulated camera';

/** The value of the WWW-Authenticate header that goes with a 401. */
export function challenge(credentials: CameraCredentials, nonce: string): string {
  if (credentials.scheme === 'basic') return `Basic realm="${REALM}"`;
  const qop = credentials.qop === undefined ? '' : `, qop="${credentials.qop}"`;
  return `Digest realm="${REALM}", nonce="${nonce}", algorithm=MD5${qop}`;
}

/** Whether the request carries the right answer to the challenge (RFC 2617 2 and 3.2.2). */
export function isAuthorized(request: RtspRequest, credentials: CameraCredentials, nonce: string): boolean {
  const header = request.headers.get('authorization') ?? '';
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space).toLowerCase();
  if (scheme !== credentials.scheme) return false;
  const given = header.slice(space + 1);
  if (scheme === 'basic') {
    return same(given.trim(), Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64'));
  }
  const fields = parseFields(given);
  const field = (name: string): string => fields.get(name) ?? '';
  if (field('username') !== credentials.user || field('nonce') !== nonce || field('realm') !== REALM) return false;
  if (field('qop') !== (credentials.qop ?? '')) return false;
  const secret = md5(`${credentials.user}:${REALM}:${credentials.password}`);
  const action = md5(`${request.method}:${field('uri')}`);
  const between = credentials.qop === undefined ? nonce : `${nonce}:${field('nc')}:${field('cnonce')}:auth`;
  return same(field('response'), md5(`${secret}:${between}:${action}`));
}

function parseFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const match of text.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]*))/g)) {
    fields.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '');
  }
  return fields;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
