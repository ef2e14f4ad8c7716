import type { StreamFailure } from '../contract/camera.ts';
import { errorCode } from './segment-file.ts';

/** What a failed write means, with a sentence that says what to do next. */
export function toDiskFailure(error: unknown): { failure: StreamFailure; message: string } {
  const code = errorCode(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { failure: 'disk-full', message: 'The disk with the recordings is full. Free some space on it.' };
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return {
        failure: 'disk-error',
        message: `The recordings folder cannot be written to (${code}). Check its permissions.`,
      };
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENODEV':
      return { failure: 'disk-error', message: `The recordings folder is gone (${code}). Is the disk connected?` };
    default:
      return {
        failure: 'disk-error',
        message: `The disk with the recordings reports an error (${code === '' ? 'unknown' : code}). Check the disk.`,
      };
  }
}
