import { Cctv, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate, usePlace } from '../state/router.ts';
import { useServer } from '../state/server.ts';
import { AddDemoButton } from '../ui/add-demo-button.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { CameraDialog } from './camera-dialog.tsx';
import { CameraRow } from './camera-row.tsx';
import { DeleteCameraDialog } from './delete-camera-dialog.tsx';

type Open = { kind: 'none' } | { kind: 'edit'; cameraId: string } | { kind: 'delete'; cameraId: string };

export function CamerasPage() {
  const { t } = useTranslation();
  const loaded = useServer((state) => state.loaded);
  const cameras = useServer((state) => state.cameras);
  const [open, setOpen] = useState<Open>({ kind: 'none' });
  // Adding has an address of its own, so that other pages can lead to it.
  const isAdding = usePlace().query.has('add');
  const subject = open.kind === 'none' ? undefined : cameras.find((camera) => camera.id === open.cameraId);
  const close = (): void => setOpen({ kind: 'none' });
  return (
    <Page title={t('app.nav.cameras')} actions={<AddButton />}>
      {loaded ? (
        <CameraList onOpen={setOpen} />
      ) : (
        Array.from({ length: 4 }, (_, index) => (
          <div key={index} className="border-b border-line px-4 py-3">
            <Skeleton className="h-10 w-2/3" />
          </div>
        ))
      )}
      {isAdding && <CameraDialog onClose={() => navigate('/cameras', { replace: true })} />}
      {subject && open.kind === 'edit' && <CameraDialog key={subject.id} camera={subject} onClose={close} />}
      {subject && open.kind === 'delete' && <DeleteCameraDialog camera={subject} onClose={close} />}
    </Page>
  );
}

function AddButton() {
  const { t } = useTranslation();
  return (
    <Button kind="primary" size="small" icon={<Plus size={16} aria-hidden />} onClick={() => navigate('/cameras?add')}>
      {t('cameras.add')}
    </Button>
  );
}

function CameraList({ onOpen }: { onOpen: (open: Open) => void }) {
  const { t } = useTranslation();
  const cameras = useServer((state) => state.cameras);
  if (cameras.length === 0) {
    return (
      <EmptyState
        icon={<Cctv size={48} strokeWidth={1.25} />}
        title={t('cameras.empty.title')}
        actions={
          <>
            <AddButton />
            <AddDemoButton />
          </>
        }
      >
        {t('cameras.empty.text')}
      </EmptyState>
    );
  }
  return (
    <ul>
      {cameras.map((camera) => (
        <CameraRow
          key={camera.id}
          camera={camera}
          onEdit={() => onOpen({ kind: 'edit', cameraId: camera.id })}
          onDelete={() => onOpen({ kind: 'delete', cameraId: camera.id })}
        />
      ))}
    </ul>
  );
}
