import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, CameraFootage } from '../../electron/contract/camera.ts';
import { deleteCamera, fetchCameraFootage } from '../api/cameras.ts';
import { forgetCamera } from '../state/server.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { useNumberFormat } from '../ui/number-format.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { useTimeFormat } from '../ui/time-format.ts';
import { showToast } from '../ui/toast.tsx';

type Loss = { kind: 'loading' } | { kind: 'known'; footage: CameraFootage } | { kind: 'unknown'; error: unknown };

/** Names what goes with the camera, and asks once. */
export function DeleteCameraDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { t } = useTranslation();
  const [loss, setLoss] = useState<Loss>({ kind: 'loading' });
  useEffect(() => {
    const controller = new AbortController();
    fetchCameraFootage(camera.id, controller.signal).then(
      (footage) => setLoss({ kind: 'known', footage }),
      (error: unknown) => {
        if (!controller.signal.aborted) setLoss({ kind: 'unknown', error });
      },
    );
    return () => controller.abort();
  }, [camera.id]);
  return (
    <ConfirmDialog
      title={t('cameras.delete.title', { name: camera.name })}
      confirmLabel={t('cameras.delete.confirm')}
      ready={loss.kind === 'known'}
      onClose={onClose}
      onConfirm={async () => {
        await deleteCamera(camera.id);
        forgetCamera(camera.id);
        showToast(t('cameras.delete.done', { name: camera.name }));
      }}
    >
      {loss.kind === 'loading' && <Skeleton className="h-[4.125rem] w-full" />}
      {loss.kind === 'known' && <LossSentence footage={loss.footage} />}
      {loss.kind === 'unknown' && <ErrorNote error={loss.error} />}
    </ConfirmDialog>
  );
}

function LossSentence({ footage }: { footage: CameraFootage }) {
  const { t } = useTranslation();
  const times = useTimeFormat();
  const numbers = useNumberFormat();
  const { fromMs, toMs, bytes } = footage;
  if (fromMs === undefined || toMs === undefined)
    return <p className="min-h-[4.125rem]">{t('cameras.delete.nothing')}</p>;
  return (
    <p className="min-h-[4.125rem]">
      {t('cameras.delete.loss', {
        length: times.duration(toMs - fromMs),
        size: numbers.bytes(bytes),
        from: times.instant(fromMs),
      })}
    </p>
  );
}
