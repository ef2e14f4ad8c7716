import { EllipsisVertical, Pencil, Power, PowerOff, Trash2, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { updateCamera } from '../api/cameras.ts';
import { rememberCamera } from '../state/server.ts';
import { Button } from '../ui/button.tsx';
import { codecName } from '../ui/codec-name.ts';
import { describeError } from '../ui/describe-error.ts';
import { Menu, MenuDivider, MenuItem } from '../ui/menu.tsx';
import { useNumberFormat } from '../ui/number-format.ts';
import { RecordingDot } from '../ui/recording-dot.tsx';
import { useTimeFormat } from '../ui/time-format.ts';
import { showToast } from '../ui/toast.tsx';
import { useNow } from '../ui/use-now.ts';

interface CameraRowProps {
  camera: Camera;
  onEdit: () => void;
  onDelete: () => void;
}

export function CameraRow({ camera, onEdit, onDelete }: CameraRowProps) {
  return (
    <li className="grid grid-cols-[minmax(0,5fr)_minmax(0,5fr)_minmax(0,4fr)_minmax(0,3fr)_2.5rem] items-center gap-x-6 gap-y-1 border-b border-line px-4 py-3 phone:grid-cols-[minmax(0,1fr)_2.75rem]">
      <div className="min-w-0">
        <h2 className="truncate text-base font-semibold">{camera.name}</h2>
        <p className="truncate text-sm text-muted" title={camera.source.url}>
          {camera.source.url}
        </p>
      </div>
      <div className="phone:order-1 phone:col-span-2">
        <StateText camera={camera} onEdit={onEdit} />
      </div>
      <div className="figures text-sm text-muted phone:order-2">
        <VideoText camera={camera} />
      </div>
      <div className="phone:order-3 phone:col-span-2">
        <RecordingText camera={camera} />
      </div>
      <RowMenu camera={camera} onEdit={onEdit} onDelete={onDelete} />
    </li>
  );
}

function StateText({ camera, onEdit }: { camera: Camera; onEdit: () => void }) {
  const { t } = useTranslation();
  const times = useTimeFormat();
  const nowMs = useNow(5000);
  const { status } = camera;
  const error = status.state === 'online' || status.state === 'disabled' ? undefined : status.lastError;
  return (
    <div className="flex flex-col items-start gap-0.5">
      <p className="flex items-center gap-2">
        {status.state === 'offline' && <TriangleAlert size={16} aria-hidden className="shrink-0 text-loss" />}
        <span>
          {t(`cameras.state.${status.state}`)}{' '}
          <time
            dateTime={new Date(status.sinceMs).toISOString()}
            title={times.instant(status.sinceMs)}
            className="text-muted"
          >
            {times.duration(nowMs - status.sinceMs)}
          </time>
        </span>
      </p>
      {error && (
        <p className="text-sm wrap-anywhere text-muted" title={error.message}>
          {t(`ui.failure.${error.failure}`)}.
        </p>
      )}
      {error?.failure === 'auth-failed' && (
        <Button size="small" className="mt-1" onClick={onEdit}>
          {t('ui.change-camera-password')}
        </Button>
      )}
    </div>
  );
}

function VideoText({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const numbers = useNumberFormat();
  const { video } = camera.status;
  if (video === undefined) return '–';
  return (
    <>
      <p className="text-text">
        {codecName(video.codec)} · {video.width} × {video.height}
      </p>
      <p>
        {video.fps > 0 ? t('cameras.fps', { fps: numbers.fps(video.fps) }) : '–'}
        {video.bitrateBps > 0 && ` · ${numbers.bitrate(video.bitrateBps)}`}
      </p>
    </>
  );
}

function RecordingText({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const { recording } = camera.status;
  const isOff = camera.recording.mode === 'off';
  return (
    <p className={recording ? 'flex items-center gap-2' : 'flex items-center gap-2 text-muted'}>
      <RecordingDot recording={recording} />
      {recording ? t('cameras.recording.on') : t(isOff ? 'cameras.recording.off' : 'cameras.recording.not')}
    </p>
  );
}

function RowMenu({ camera, onEdit, onDelete }: CameraRowProps) {
  const { t } = useTranslation();
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t('cameras.menu.label', { name: camera.name })}
          className="flex size-9 items-center justify-center justify-self-end rounded-md text-muted hover:bg-hover hover:text-text phone:size-11"
        >
          <EllipsisVertical size={18} aria-hidden />
        </button>
      }
    >
      <MenuItem icon={<Pencil size={16} aria-hidden />} onSelect={onEdit}>
        {t('cameras.menu.edit')}
      </MenuItem>
      <MenuItem
        icon={camera.enabled ? <PowerOff size={16} aria-hidden /> : <Power size={16} aria-hidden />}
        onSelect={() => void setEnabled(camera, !camera.enabled, t)}
      >
        {camera.enabled ? t('cameras.menu.disable') : t('cameras.menu.enable')}
      </MenuItem>
      <MenuDivider />
      <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onSelect={onDelete}>
        {t('cameras.menu.delete')}
      </MenuItem>
    </Menu>
  );
}

async function setEnabled(camera: Camera, enabled: boolean, t: ReturnType<typeof useTranslation>['t']): Promise<void> {
  try {
    rememberCamera(await updateCamera(camera.id, { enabled }));
    if (enabled) return;
    // Not a destruction, so it is not asked about; but nothing is recorded from now on.
    showToast(t('cameras.disabled', { name: camera.name }), {
      action: { label: t('cameras.undo'), run: () => void setEnabled(camera, true, t) },
    });
  } catch (error) {
    showToast(describeError(error, t), { kind: 'loss' });
  }
}
