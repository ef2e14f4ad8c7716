import type { Camera, CameraCreate, CameraPatch, ProbeRequest, Transport } from '../../electron/contract/camera.ts';
import { refuseSourceUrl, type SourceUrlRefusal } from '../../electron/contract/source-url.ts';

/** What the dialog's fields hold. Empty texts mean: none, and for the password of a known camera: as it is. */
export interface CameraForm {
  name: string;
  url: string;
  subUrl: string;
  username: string;
  password: string;
  transport: Transport;
  record: boolean;
}

export type FormError = SourceUrlRefusal | 'missing';
export type FormErrors = Partial<Record<'name' | 'url' | 'subUrl', FormError>>;

export function emptyForm(): CameraForm {
  return { name: '', url: '', subUrl: '', username: '', password: '', transport: 'tcp', record: true };
}

export function formOf(camera: Camera): CameraForm {
  return {
    name: camera.name,
    url: camera.source.url,
    subUrl: camera.source.subUrl ?? '',
    username: camera.source.username ?? '',
    password: '',
    transport: camera.source.transport,
    record: camera.recording.mode === 'continuous',
  };
}

export function checkForm(form: CameraForm): FormErrors {
  const errors: FormErrors = {};
  if (form.name.trim() === '') errors.name = 'missing';
  const url = form.url.trim();
  const urlError = url === '' ? 'missing' : refuseSourceUrl(url);
  if (urlError) errors.url = urlError;
  const subUrl = form.subUrl.trim();
  const subError = subUrl === '' ? undefined : refuseSourceUrl(subUrl);
  if (subError) errors.subUrl = subError;
  return errors;
}

/**
 * Moves `user:password@` out of the main URL into the fields for them, where they can be seen, changed and hidden.
 * A password may hold `@` as it is. A form whose URL holds no user comes back as it is.
 */
export function splitCredentials(form: CameraForm): CameraForm {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@(.*)$/i.exec(form.url.trim());
  const [, scheme, credentials, rest] = match ?? [];
  if (scheme === undefined || credentials === undefined || rest === undefined) return form;
  const colon = credentials.indexOf(':');
  const username = colon < 0 ? credentials : credentials.slice(0, colon);
  const password = colon < 0 ? '' : credentials.slice(colon + 1);
  return { ...form, url: scheme + rest, username: decode(username), password: decode(password) || form.password };
}

export function toCreate(form: CameraForm): CameraCreate {
  return {
    name: form.name.trim(),
    source: {
      url: form.url.trim(),
      transport: form.transport,
      ...(form.subUrl.trim() === '' ? {} : { subUrl: form.subUrl.trim() }),
      ...(form.username === '' ? {} : { username: form.username, password: form.password }),
    },
    recording: { mode: form.record ? 'continuous' : 'off' },
  };
}

/** Only what was changed, so that a password is not asked for to rename a camera. */
export function toPatch(form: CameraForm, camera: Camera): CameraPatch {
  const before = formOf(camera);
  const patch: CameraPatch = {};
  if (form.name.trim() !== before.name) patch.name = form.name.trim();
  if (form.record !== before.record) patch.recording = { mode: form.record ? 'continuous' : 'off' };
  const source: NonNullable<CameraPatch['source']> = {};
  if (form.url.trim() !== before.url) source.url = form.url.trim();
  if (form.subUrl.trim() !== before.subUrl) source.subUrl = form.subUrl.trim() === '' ? null : form.subUrl.trim();
  if (form.transport !== before.transport) source.transport = form.transport;
  if (form.username !== before.username) source.username = form.username;
  if (form.password !== '') source.password = form.password;
  if (Object.keys(source).length > 0) patch.source = source;
  return patch;
}

/** The question whether there is video at `url`, one of the form's; `camera` lends its stored password. */
export function toProbe(form: CameraForm, url: string, camera: Camera | undefined): ProbeRequest {
  const isStoredUser = camera !== undefined && form.username === (camera.source.username ?? '');
  const usesStored = isStoredUser && form.password === '' && camera.source.hasCredentials;
  return {
    url: url.trim(),
    transport: form.transport,
    ...(usesStored ? { cameraId: camera.id } : {}),
    ...(usesStored || form.username === '' ? {} : { username: form.username, password: form.password }),
  };
}

/** Host and port of a source URL, for sentences about it. */
export function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/?#]+)/i.exec(url.trim())?.[1] ?? url.trim();
}

/** Whether the stored password would be dropped: it belongs to one host. */
export function losesPassword(form: CameraForm, camera: Camera): boolean {
  return camera.source.hasCredentials && form.password === '' && hostOf(form.url) !== hostOf(camera.source.url);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A bare percent sign: the password was pasted as it is.
    return text;
  }
}
