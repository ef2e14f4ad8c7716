import { describe, expect, it } from 'vitest';
import { CameraCreate, CameraPatch, ProbeRequest, type Camera } from '../../electron/contract/camera.ts';
import {
  checkForm,
  emptyForm,
  formOf,
  hostOf,
  losesPassword,
  splitCredentials,
  toCreate,
  toPatch,
  toProbe,
} from './camera-form.ts';

const camera: Camera = {
  id: '01976f00-0000-7000-8000-000000000001',
  name: 'Yard',
  enabled: true,
  createdMs: 1_760_000_000_000,
  demo: false,
  source: { url: 'rtsp://192.168.1.20/main', transport: 'tcp', hasCredentials: true, username: 'admin' },
  recording: { mode: 'continuous' },
  status: { state: 'online', sinceMs: 1_760_000_000_000, recording: true },
};

describe('splitCredentials', () => {
  it('moves user and password out of the URL', () => {
    const form = splitCredentials({ ...emptyForm(), url: ' rtsp://admin:p%40ss@192.168.1.20:554/main ' });
    expect(form).toMatchObject({ url: 'rtsp://192.168.1.20:554/main', username: 'admin', password: 'p@ss' });
  });

  it('takes a password with a bare percent sign as it is', () => {
    expect(splitCredentials({ ...emptyForm(), url: 'rtsp://a:100%@host/x' }).password).toBe('100%');
  });

  it('takes a password with an @ whole', () => {
    const form = splitCredentials({ ...emptyForm(), url: 'rtsp://admin:p@ss@192.168.1.20/main' });
    expect(form).toMatchObject({ url: 'rtsp://192.168.1.20/main', username: 'admin', password: 'p@ss' });
    expect(splitCredentials(form)).toBe(form);
  });

  it('leaves other URLs alone', () => {
    const form = { ...emptyForm(), url: 'http://host/a@b' };
    expect(splitCredentials(form)).toBe(form);
  });
});

describe('checkForm', () => {
  it('names what is missing or refused', () => {
    expect(checkForm(emptyForm())).toEqual({ name: 'missing', url: 'missing' });
    expect(checkForm({ ...emptyForm(), name: 'A', url: 'file:///etc/passwd' })).toEqual({ url: 'scheme' });
    expect(checkForm({ ...emptyForm(), name: 'A', url: 'rtsp://h/1', subUrl: 'no url' })).toEqual({
      subUrl: 'characters',
    });
    expect(checkForm({ ...emptyForm(), name: 'A', url: 'rtsp://h/1' })).toEqual({});
  });
});

describe('what is sent', () => {
  it('is what the contract takes', () => {
    const form = { ...emptyForm(), name: ' Gate ', url: 'rtsp://h/1', username: 'u', password: 'p' };
    expect(CameraCreate.parse(toCreate(form))).toEqual({
      name: 'Gate',
      source: { url: 'rtsp://h/1', transport: 'tcp', username: 'u', password: 'p' },
      recording: { mode: 'continuous' },
    });
  });

  it('is only what was changed', () => {
    expect(toPatch(formOf(camera), camera)).toEqual({});
    const patch = toPatch({ ...formOf(camera), name: 'Yard 2', record: false, password: 'new' }, camera);
    expect(CameraPatch.parse(patch)).toEqual({
      name: 'Yard 2',
      recording: { mode: 'off' },
      source: { password: 'new' },
    });
  });

  it('takes a sub-stream away with null', () => {
    const withSub = { ...camera, source: { ...camera.source, subUrl: 'rtsp://192.168.1.20/sub' } };
    expect(toPatch({ ...formOf(withSub), subUrl: '' }, withSub)).toEqual({ source: { subUrl: null } });
  });

  it('probes with the stored password until another is typed', () => {
    const stored = toProbe(formOf(camera), camera.source.url, camera);
    expect(ProbeRequest.parse(stored)).toEqual({ url: camera.source.url, transport: 'tcp', cameraId: camera.id });
    const typed = toProbe({ ...formOf(camera), password: 'x' }, camera.source.url, camera);
    expect(typed).toMatchObject({ username: 'admin', password: 'x' });
  });
});

it('knows when a changed host costs the stored password', () => {
  const form = formOf(camera);
  expect(losesPassword(form, camera)).toBe(false);
  expect(losesPassword({ ...form, url: 'rtsp://192.168.1.20/other' }, camera)).toBe(false);
  expect(losesPassword({ ...form, url: 'rtsp://192.168.1.21/main' }, camera)).toBe(true);
});

it('names host and port', () => {
  expect(hostOf('rtsp://user:pw@192.168.1.20:554/a?b')).toBe('192.168.1.20:554');
  expect(hostOf('demo:yard')).toBe('demo:yard');
});
