import type { TFunction } from 'i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { fetchSnapshot } from '../api/cameras.ts';
import { serverNowMs } from '../state/server.ts';
import { describeError } from '../ui/describe-error.ts';
import { showToast } from '../ui/toast.tsx';

/** Saves the camera's latest picture as a file, in the main stream's full size. */
export async function saveSnapshot(camera: Camera, t: TFunction): Promise<void> {
  try {
    const url = URL.createObjectURL(await fetchSnapshot(camera.id));
    const link = document.createElement('a');
    link.href = url;
    link.download = snapshotName(camera.name, serverNowMs());
    link.click();
    // The browser has taken the file by the time that a task later runs.
    setTimeout(() => URL.revokeObjectURL(url), 0);
    showToast(t('live.tile.snapshot-saved', { name: link.download }));
  } catch (error) {
    showToast(describeError(error, t), { kind: 'loss' });
  }
}

/** `Front door 2026-11-20 21.14.07 UTC.jpg`: sorts by time, and holds no sign that a file system refuses. */
export function snapshotName(cameraName: string, atMs: number): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  // eslint-disable-next-line no-control-regex -- control characters are among what file systems refuse
  const safe = cameraName.replace(/[\u0000-\u001f<>:"/\\|?*]/g, '_');
  return `${safe} ${time} UTC.jpg`;
}
