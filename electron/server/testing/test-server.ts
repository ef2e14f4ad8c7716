import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { WebSocket, type ClientOptions } from 'ws';
import { openDatabase } from '../../store/database.ts';
import type { Store } from '../../store/store.ts';
import { createServer, type Server } from '../server.ts';
import { MemoryEngine } from './memory-engine.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  json: unknown;
}

export interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a string as it is. */
  body?: unknown;
  /** Without the session cookie. */
  anonymous?: boolean;
}

export const ADMIN = { username: 'admin', password: 'correct horse' };

/** The real server over real HTTP with a real database, on a free port of the loopback interface. */
export class TestServer {
  readonly folder: string;
  readonly store: Store;
  readonly engine = new MemoryEngine();
  readonly port: number;
  readonly logged: string[];
  nowMs: { value: number };
  cookie: string | undefined;
  readonly #server: Server;
  readonly #sockets: WebSocket[] = [];

  private constructor(parts: {
    folder: string;
    store: Store;
    engine: MemoryEngine;
    server: Server;
    port: number;
    nowMs: { value: number };
    logged: string[];
  }) {
    this.folder = parts.folder;
    this.store = parts.store;
    this.engine = parts.engine;
    this.#server = parts.server;
    this.port = parts.port;
    this.nowMs = parts.nowMs;
    this.logged = parts.logged;
  }

  static async start(options: { rendererDir?: string; launchToken?: string } = {}): Promise<TestServer> {
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-server-'));
    const store = await openDatabase(join(folder, 'atalaya.db'));
    const engine = new MemoryEngine();
    const nowMs = { value: Date.UTC(2026, 10, 20) };
    const logged: string[] = [];
    const log = pino({ level: 'debug', base: null }, { write: (line: string) => logged.push(line) });
    const server = createServer({
      ports: engine,
      store,
      clock: { nowMs: () => nowMs.value },
      log,
      rendererDir: options.rendererDir,
      version: '1.2.3',
      ...(options.launchToken === undefined ? {} : { launchToken: options.launchToken }),
    });
    const { port } = await server.start({ host: '127.0.0.1', port: 0 });
    return new TestServer({ folder, store, engine, server, port, nowMs, logged });
  }

  /** Creates the administrator and keeps the session cookie for the requests that follow. */
  async setUp(): Promise<void> {
    const answer = await this.ask('/api/v1/setup', { method: 'POST', body: ADMIN });
    this.cookie = cookieOf(answer);
  }

  /** One request on a connection of its own. The path goes out as it is, unlike with `fetch`. */
  ask(path: string, options: AskOptions = {}): Promise<Answer> {
    const headers: Record<string, string> = { ...options.headers };
    const body =
      options.body === undefined || typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
    if (body !== undefined) headers['content-type'] ??= 'application/json';
    if (body !== undefined) headers['content-length'] ??= String(Buffer.byteLength(body));
    if (options.anonymous !== true && this.cookie !== undefined) headers['cookie'] ??= this.cookie;
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        { host: '127.0.0.1', port: this.port, path, method: options.method ?? 'GET', headers, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const received = Buffer.concat(chunks);
            const isJson = (response.headers['content-type'] ?? '').includes('json') && received.length > 0;
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: received,
              json: isJson ? (JSON.parse(received.toString()) as unknown) : undefined,
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Opens a WebSocket; rejects with the HTTP status when it is refused. */
  open(path: string, options: ClientOptions & { anonymous?: boolean } = {}): Promise<TestSocket> {
    const headers: Record<string, string> = { ...(options.headers as Record<string, string>) };
    if (options.anonymous !== true && this.cookie !== undefined) headers['cookie'] ??= this.cookie;
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}${path}`, { ...options, headers });
    this.#sockets.push(socket);
    const wrapped = new TestSocket(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(wrapped));
      socket.once('unexpected-response', (_request, response) => {
        response.resume();
        socket.terminate();
        reject(new RefusedUpgrade(response.statusCode ?? 0));
      });
      socket.on('error', () => {});
    });
  }

  closeServer(): Promise<void> {
    return this.#server.close();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    await this.#server.close();
    this.store.close();
    await rm(this.folder, { recursive: true });
  }
}

export class RefusedUpgrade extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`upgrade refused with ${status}`);
    this.status = status;
  }
}

/** A WebSocket with its messages in a queue. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #queue: unknown[] = [];
  #wake: () => void = () => {};

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      this.#queue.push(isBinary ? data : JSON.parse(data.toString()));
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  get pending(): number {
    return this.#queue.length;
  }

  /** The next message: a Buffer, or parsed JSON. */
  async next(): Promise<unknown> {
    while (this.#queue.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#queue.shift();
  }
}

export function cookieOf(answer: Answer): string {
  const header = answer.headers['set-cookie']?.[0];
  if (header === undefined) throw new Error(`no cookie in an answer ${answer.status} ${answer.body.toString()}`);
  return header.split(';', 1)[0]!;
}
