import type { CameraCreate, CameraPatch } from '../contract/camera.ts';
import { demoCameraKey } from '../contract/demo-cameras.ts';
import type { StreamName } from '../contract/ids.ts';
import { RefusedError } from '../contract/refused-error.ts';
import type { SecretBox } from './secret-box.ts';
import {
  holdsMask,
  publicUrl,
  sameHost,
  sameServer,
  splitCredentials,
  withCredentials,
  type Credentials,
} from './source-url-parts.ts';

/** A camera's source with its secrets. Lives in memory and, sealed, in the database; never logged, never returned. */
export interface CameraSource {
  /** Without user information, but with passwords in parameters. */
  url: string;
  subUrl: string | undefined;
  credentials: Credentials | undefined;
  /** Only when the sub-stream's URL brought its own. */
  subCredentials: Credentials | undefined;
}

/** The source of a new camera. Throws RefusedError when it names a demo camera that does not exist. */
export function createSource(input: CameraCreate['source']): CameraSource {
  const main = splitCredentials(refuseMasked(refuseUnknownDemo(input.url)));
  // A demo camera has both streams without being asked.
  const subUrl = input.subUrl ?? (isDemo(main.url) ? main.url : undefined);
  const sub = subUrl === undefined ? undefined : splitCredentials(refuseMasked(refuseUnknownDemo(subUrl)));
  return {
    url: main.url,
    subUrl: sub?.url,
    credentials: mergeCredentials(main.credentials, input.username, input.password),
    subCredentials: sub?.credentials,
  };
}

/** The source after a change; `current` itself when nothing changed. A new server gets no password that it was not given. */
export function patchSource(current: CameraSource, patch: NonNullable<CameraPatch['source']>): CameraSource {
  const main = patchUrl(current.url, current.credentials, patch.url);
  const sub = patch.subUrl === null ? undefined : patchUrl(current.subUrl, current.subCredentials, patch.subUrl);
  const next: CameraSource = {
    url: main.url ?? current.url,
    subUrl: sub?.url,
    credentials: mergeCredentials(main.credentials, patch.username, patch.password),
    subCredentials: sub?.credentials,
  };
  return JSON.stringify(next) === JSON.stringify(current) ? current : next;
}

/** The URL for FFmpeg, with credentials; undefined for a demo source and for a stream that the camera has not. */
export function streamUrl(source: CameraSource, stream: StreamName): string | undefined {
  if (stream === 'main') return isDemo(source.url) ? undefined : withCredentials(source.url, source.credentials);
  if (source.subUrl === undefined || isDemo(source.subUrl)) return undefined;
  const shared = sameHost(source.url, source.subUrl) ? source.credentials : undefined;
  return withCredentials(source.subUrl, source.subCredentials ?? shared);
}

/** Which demo camera a stream comes from, if from any. */
export function demoKey(source: CameraSource, stream: StreamName): string | undefined {
  return demoCameraKey((stream === 'main' ? source.url : source.subUrl) ?? '');
}

/** Whether a stream comes from the same place, with the same credentials. */
export function isSameStream(a: CameraSource, b: CameraSource, stream: StreamName): boolean {
  return streamUrl(a, stream) === streamUrl(b, stream) && demoKey(a, stream) === demoKey(b, stream);
}

export function isDemo(url: string): boolean {
  return url.startsWith('demo:');
}

/** The columns of the database: URLs as they may be shown, the rest sealed for this camera. */
export function sourceColumns(source: CameraSource, cameraId: string, box: SecretBox) {
  const { url, subUrl, credentials, subCredentials } = source;
  const columns = { url: publicUrl(url), subUrl: subUrl === undefined ? null : publicUrl(subUrl) };
  const hasSecrets =
    credentials !== undefined ||
    subCredentials !== undefined ||
    columns.url !== url ||
    columns.subUrl !== (subUrl ?? null);
  return { ...columns, credentials: hasSecrets ? Buffer.from(box.seal(JSON.stringify(source), cameraId)) : null };
}

/** The source of a row; without credentials when these cannot be opened with the present key. */
export function openSource(
  row: { id: string; url: string; subUrl: string | null; credentials: Uint8Array | null },
  box: SecretBox,
): { source: CameraSource; locked: boolean } {
  const bare: CameraSource = {
    url: row.url,
    subUrl: row.subUrl ?? undefined,
    credentials: undefined,
    subCredentials: undefined,
  };
  if (row.credentials === null) return { source: bare, locked: false };
  const text = box.open(row.credentials, row.id);
  if (text === undefined) return { source: bare, locked: true };
  return { source: { ...bare, ...(JSON.parse(text) as Partial<CameraSource>) }, locked: false };
}

/** A patched URL. One that came back as it was shown stays what it was, with the secrets that were masked in it. */
function patchUrl(current: string | undefined, credentials: Credentials | undefined, patched: string | undefined) {
  if (patched === undefined) return { url: current, credentials };
  const next = splitCredentials(refuseUnknownDemo(patched));
  if (current !== undefined && next.url === publicUrl(current)) {
    return { url: current, credentials: next.credentials ?? credentials };
  }
  refuseMasked(next.url);
  const kept = current !== undefined && sameServer(current, next.url) ? credentials : undefined;
  return { url: next.url, credentials: next.credentials ?? kept };
}

/** Fields of their own win over what stood in the URL; an empty user name takes the credentials away. */
function mergeCredentials(
  present: Credentials | undefined,
  username: string | undefined,
  password: string | undefined,
): Credentials | undefined {
  const merged = { username: username ?? present?.username ?? '', password: password ?? present?.password ?? '' };
  return merged.username === '' && (merged.password === '' || username === '') ? undefined : merged;
}

function refuseUnknownDemo(url: string): string {
  if (isDemo(url) && demoCameraKey(url) === undefined) {
    throw new RefusedError('invalid-request', `There is no demo camera called ${url.slice('demo:'.length)}.`);
  }
  return url;
}

function refuseMasked(url: string): string {
  if (holdsMask(url)) throw new RefusedError('invalid-request', 'Replace *** in the URL by the password.');
  return url;
}
