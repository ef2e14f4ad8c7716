import { isIP } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';

/** What the guard looks at of a request. */
export interface GuardedRequest {
  method: string;
  isUpgrade: boolean;
  scheme: 'http' | 'https';
  headers: IncomingHttpHeaders;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Says why a request may not come in, or undefined when it may.
 *
 * The Host must be one of ours: a name of another site that was made to resolve to this machine (DNS rebinding) would
 * otherwise be same-origin with us. Unsafe methods and WebSockets must come from our own pages: cookies do not tell
 * the ports of one host apart. Command lines send no Origin and are let through to the session check.
 */
export function refuseRequest(request: GuardedRequest, isOwnHost: (hostname: string) => boolean): string | undefined {
  const host = request.headers.host;
  const hostname = host === undefined ? undefined : hostnameOf(host);
  if (hostname === undefined || !isOwnHost(hostname)) return 'This host name does not belong to Atalaya.';
  if (SAFE_METHODS.has(request.method) && !request.isUpgrade) return undefined;
  const origin = request.headers.origin;
  if (origin === undefined) return undefined;
  if (origin.toLowerCase() !== `${request.scheme}://${host}`.toLowerCase()) {
    return 'This request comes from a page of another origin.';
  }
  return undefined;
}

/** Loopback by name or address, in the forms that a Host header or a socket may give. */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '::1') return true;
  const ipv4 = hostname.startsWith('::ffff:') ? hostname.slice('::ffff:'.length) : hostname;
  return isIP(ipv4) === 4 && ipv4.startsWith('127.');
}

/** The host of a Host header without its port, in lower case and without brackets; undefined when it is malformed. */
function hostnameOf(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
