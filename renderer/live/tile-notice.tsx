import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { navigate } from '../state/router.ts';
import { useServer } from '../state/server.ts';
import { Button } from '../ui/button.tsx';
import { codecName } from '../ui/codec-name.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { useTimeFormat } from '../ui/time-format.ts';
import { useNow } from '../ui/use-now.ts';
import type { LiveState } from './live-view.ts';

interface TileNoticeProps {
  camera: Camera;
  state: LiveState;
}

/** What stands over a picture that is not live: since when, and why. Over a live one: that it is not recorded. */
export function TileNotice({ camera, state }: TileNoticeProps) {
  const { t } = useTranslation();
  const { status } = camera;
  const clockOffsetMs = useServer((server) => server.clockOffsetMs);
  if (!camera.enabled) return <Notice title={t('live.tile.disabled')} />;
  if (state.kind === 'playing') return <UnrecordedNote camera={camera} />;
  if (status.state === 'offline') {
    return (
      <Notice isLoss sinceMs={status.sinceMs} title={t('live.tile.offline')}>
        {status.lastError && t(`ui.failure.${status.lastError.failure}`)}
        {status.lastError?.failure === 'auth-failed' && <PasswordButton cameraId={camera.id} />}
      </Notice>
    );
  }
  if (state.kind === 'unplayable') {
    return (
      <Notice isLoss title={t('live.tile.unplayable', { codec: codecName(state.codec) })}>
        {t('live.tile.unplayable-hint')}
      </Notice>
    );
  }
  if (state.kind === 'stale') {
    return <Notice isLoss sinceMs={state.sinceMs + clockOffsetMs} title={t('live.tile.stale')} />;
  }
  return <Connecting isSlow={status.state === 'connecting'} />;
}

function Notice({
  title,
  sinceMs,
  isLoss = false,
  children,
}: {
  title: string;
  sinceMs?: number;
  isLoss?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-1 px-4 pb-6 text-center">
      <p className="flex items-center gap-2 text-sm font-semibold">
        {isLoss && <TriangleAlert size={16} aria-hidden className="shrink-0 text-loss-on-picture" />}
        <span>
          {/* The time passes without being announced again and again. */}
          <span role="status">{title}</span>
          {sinceMs !== undefined && <Since sinceMs={sinceMs} />}
        </span>
      </p>
      {children !== undefined && (
        <div className="flex max-w-80 flex-col items-center gap-2 text-sm text-on-picture/85">{children}</div>
      )}
    </div>
  );
}

/** `3 min`, and the full time for whoever wants to know. */
function Since({ sinceMs }: { sinceMs: number }) {
  const times = useTimeFormat();
  const nowMs = useNow(5000);
  return (
    <time dateTime={new Date(sinceMs).toISOString()} title={times.instant(sinceMs)}>
      {` ${times.duration(nowMs - sinceMs)}`}
    </time>
  );
}

function PasswordButton({ cameraId }: { cameraId: string }) {
  const { t } = useTranslation();
  return (
    <Button size="small" onClick={() => navigate(`/cameras?edit=${cameraId}`)}>
      {t('ui.change-camera-password')}
    </Button>
  );
}

/** `isSlow`: the camera itself is being reached, which may take a while, so it is said in words. */
function Connecting({ isSlow }: { isSlow: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="absolute inset-0 flex items-center justify-center">
      <Skeleton className="absolute inset-0 rounded-none opacity-40" />
      <p role="status" className={isSlow ? 'relative text-sm' : 'sr-only'}>
        {t('live.tile.connecting')}
      </p>
    </div>
  );
}

/** A segment's first bytes need a key frame: within this after coming online nothing is wrong yet. */
const FIRST_BYTES_MS = 15_000;

function UnrecordedNote({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const nowMs = useNow(5000);
  const { status, recording } = camera;
  if (recording.mode === 'off' || status.recording || nowMs - status.sinceMs < FIRST_BYTES_MS) return null;
  const cause = status.lastError;
  return (
    <p
      role="status"
      className="absolute top-1.5 right-1.5 flex max-w-[calc(100%-0.75rem)] items-center gap-2 rounded bg-picture/75 px-2 py-1 text-sm font-semibold"
    >
      <TriangleAlert size={16} aria-hidden className="shrink-0 text-loss-on-picture" />
      {cause
        ? t('live.tile.unrecorded-because', { cause: t(`ui.failure.${cause.failure}`) })
        : t('live.tile.unrecorded')}
    </p>
  );
}
