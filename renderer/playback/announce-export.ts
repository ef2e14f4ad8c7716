import type { TFunction } from 'i18next';
import { navigate } from '../state/router.ts';
import { useServer } from '../state/server.ts';
import { showToast } from '../ui/toast.tsx';

/** Says when an export is over, wherever the user is by then. Says nothing of one that was cancelled or deleted. */
export function announceExport(exportId: string, t: TFunction): void {
  let wasKnown = false;
  const stop = useServer.subscribe(({ exports, loaded }) => {
    const job = exports.find((candidate) => candidate.id === exportId);
    if (job === undefined) {
      // Gone, or logged out; before the feed has told of it, it is only not there yet.
      if (wasKnown || !loaded) stop();
      return;
    }
    wasKnown = true;
    if (job.state === 'queued' || job.state === 'running') return;
    stop();
    const action = { label: t('playback.export.show'), run: () => navigate('/exports') };
    if (job.state === 'done') showToast(t('playback.export.done'), { action });
    if (job.state === 'failed') showToast(t('playback.export.failed'), { kind: 'loss', action });
  });
}
