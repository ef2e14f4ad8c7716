import { Storage } from '../../electron/contract/storage.ts';
import { requestJson } from './client.ts';

export function fetchStorage(signal?: AbortSignal): Promise<Storage> {
  return requestJson(Storage, 'GET', '/storage', { signal });
}
