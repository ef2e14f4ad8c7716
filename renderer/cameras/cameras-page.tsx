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

export function CamerasPage() {
  const { t } = useTranslation();
  const loaded = useServer((state) => state.loaded);
  const cameras = useServer((state) => state.cameras);
  const [deletingId, setDeletingId] = useState<string>();
  // Adding and changing have addresses of their own, so that other pages can lead to them.
  const { query } = usePlace();
  const editing = cameras.find((camera) => camera.id === query.get('edit'));
  const deleting = cameras.find((camera) => camera.id === deletingId);
  const closeDialog = (): void => navigate('/cameras', { replace: true });
  return (
    <Page title={t('app.nav.cameras')} actions={<AddButton />}>
      {loaded ? (
        <CameraList onDelete={setDeletingId} />
      ) : (
        Array.from({ length: 4 }, (_, index) => (
          <div key={index} className="border-b border-line px-4 py-3">
            <Skeleton className="h-10 w-2/3" />
          </div>
        ))
      )}
      {query.has('add') && <CameraDialog onClose={closeDialog} />}
      {editing && <CameraDialog key={editing.id} camera={editing} onClose={closeDialog} />}
      {deleting && <DeleteCameraDialog camera={deleting} onClose={() => setDeletingId(undefined)} />}
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

function CameraList({ onDelete }: { onDelete: (cameraId: string) => void }) {
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
          onEdit={() => navigate(`/cameras?edit=${camera.id}`)}
          onDelete={() => onDelete(camera.id)}
        />
      ))}
    </ul>
  );
}
