import type { z } from 'zod';
import { ApiProblem, toApiProblem } from './api-problem.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface RequestOptions {
  body?: unknown;
  signal?: AbortSignal | undefined;
}

const API_ROOT = '/api/v1';

const unauthenticatedListeners = new Set<() => void>();

/** Calls back whenever a request is answered 401 outside of logging in: the session is over. */
export function onUnauthenticated(listener: () => void): () => void {
  unauthenticatedListeners.add(listener);
  return () => unauthenticatedListeners.delete(listener);
}

/**
 * Sends one request and gives back the answer, checked against the contract.
 *
 * @throws ApiProblem for every refusal and failure; an aborted request throws the abort's own error.
 */
export async function requestJson<Schema extends z.ZodType>(
  schema: Schema,
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<z.output<Schema>> {
  const response = await send(method, path, options);
  const parsed = schema.safeParse(await readJson(response));
  if (!parsed.success) throw new ApiProblem('unreadable', response.status, { detail: parsed.error.message });
  return parsed.data;
}

/** Sends one request whose answer has no body of interest. @throws ApiProblem */
export async function requestNothing(method: Method, path: string, options: RequestOptions = {}): Promise<void> {
  await send(method, path, options);
}

/** Gets a file, never from a cache. @throws ApiProblem */
export async function requestBlob(path: string, options: RequestOptions = {}): Promise<Blob> {
  return (await send('GET', path, options)).blob();
}

/** The address of an API path, for `src`, downloads and fetches that are not JSON. */
export function apiPath(path: string): string {
  return API_ROOT + path;
}

/** The WebSocket address of an API path on the server that served this page. */
export function apiSocketUrl(path: string): string {
  const url = new URL(API_ROOT + path, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const request: RequestInit = {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    signal: options.signal ?? null,
  };
  if (options.body !== undefined) {
    request.body = JSON.stringify(options.body);
    request.headers = { 'content-type': 'application/json' };
  }
  const response = await fetch(API_ROOT + path, request).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    throw new ApiProblem('no-answer', 0);
  });
  if (response.ok) return response;
  const problem = toApiProblem(response.status, await readJson(response));
  const loggingIn = method === 'POST' && path === '/session';
  if (response.status === 401 && !loggingIn && problem.kind === 'unauthenticated') {
    for (const listener of unauthenticatedListeners) listener();
  }
  throw problem;
}

/** Undefined where the body is no JSON: the schema then refuses it, or the status speaks for itself. */
async function readJson(response: Response): Promise<unknown> {
  return response.json().catch(() => undefined);
}
