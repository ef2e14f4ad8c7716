import type { Camera, CameraCreate, CameraPatch } from '../contract/camera.ts';
import type { Recordings } from '../contract/recordings.ts';

export interface Answer<Body = unknown> {
  status: number;
  headers: Headers;
  body: Body;
}

/** The API as a client sees it, with one session. */
export class ApiClient {
  readonly #base: string;
  #cookie = '';

  constructor(url: string) {
    this.#base = `${url}/api/v1`;
  }

  async logIn(username: string, password: string): Promise<void> {
    const { headers, status } = await this.send('POST', '/session', { username, password });
    if (status !== 200) throw new Error(`log-in answered ${status}`);
    this.#cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  get headers(): Record<string, string> {
    return { cookie: this.#cookie };
  }

  /** Sends one request; answers of any status come back, JSON parsed. */
  async send<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { ...this.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  async get<Body>(path: string): Promise<Body> {
    const { status, body } = await this.send<Body>('GET', path);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async bytes(path: string): Promise<Buffer> {
    const response = await fetch(this.#base + path, { headers: this.headers });
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async addCamera(camera: CameraCreate): Promise<Camera> {
    const { status, body } = await this.send<Camera>('POST', '/cameras', camera);
    if (status !== 201) throw new Error(`POST /cameras answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async patchCamera(id: string, patch: CameraPatch): Promise<Camera> {
    const { status, body } = await this.send<Camera>('PATCH', `/cameras/${id}`, patch);
    if (status !== 200) throw new Error(`PATCH answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async cameras(): Promise<Camera[]> {
    return (await this.get<{ cameras: Camera[] }>('/cameras')).cameras;
  }

  camera(id: string): Promise<Camera> {
    return this.get(`/cameras/${id}`);
  }

  /** Coverage and gaps of the camera's whole life. */
  recordings(camera: { id: string; createdMs: number }): Promise<Recordings> {
    return this.get(`/cameras/${camera.id}/recordings?fromMs=${camera.createdMs}&toMs=${Date.now()}`);
  }
}
