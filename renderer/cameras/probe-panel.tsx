import { ImageOff } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProbeFailure, type ProbeResult } from '../../electron/contract/camera.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { codecName } from '../ui/codec-name.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { useNumberFormat } from '../ui/number-format.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { hostOf } from './camera-form.ts';
import type { ProbeState } from './use-probe.ts';

/** What a test found: a picture and figures, or a sentence with the next step. Its place is kept from the start. */
export function ProbePanel({ state }: { state: ProbeState }) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone it lies below what is on screen.
    if (state.kind !== 'idle') panel.current?.scrollIntoView({ block: 'nearest' });
  }, [state.kind]);
  return (
    <div ref={panel}>
      <Outcome state={state} />
    </div>
  );
}

function Outcome({ state }: { state: ProbeState }) {
  const { t } = useTranslation();
  switch (state.kind) {
    case 'idle':
      return (
        <div className={`${PANEL_CLASSES} text-muted`}>
          <Frame>
            <ImageOff size={28} strokeWidth={1.25} aria-hidden className="text-faint" />
          </Frame>
          <p className="text-sm">{t('cameras.probe.idle')}</p>
        </div>
      );
    case 'probing':
      return (
        <div role="status" className={PANEL_CLASSES}>
          <Skeleton className="aspect-video w-44 phone:w-full" />
          <p className="text-sm text-muted">{t('cameras.probe.running')}</p>
        </div>
      );
    case 'found':
      return (
        <div role="status" className={PANEL_CLASSES}>
          <Frame>
            {state.main.pictureBase64 !== undefined && (
              <img
                src={`data:image/jpeg;base64,${state.main.pictureBase64}`}
                alt={t('cameras.probe.picture')}
                className="size-full object-contain"
              />
            )}
          </Frame>
          <Figures main={state.main} sub={state.sub} />
        </div>
      );
    case 'failed':
      return (
        <div className={PANEL_CLASSES}>
          <Failure state={state} />
        </div>
      );
  }
}

const PANEL_CLASSES = 'flex min-h-[7.2rem] items-center gap-4 rounded-md phone:flex-col phone:items-start';

function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="flex aspect-video w-44 shrink-0 items-center justify-center overflow-hidden rounded-md border border-line bg-bg phone:w-full">
      {children}
    </div>
  );
}

function Figures({ main, sub }: { main: ProbeResult; sub: ProbeResult | undefined }) {
  const { t } = useTranslation();
  return (
    <dl className="figures grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
      <dt className="text-muted">{t('cameras.probe.main')}</dt>
      <dd>
        <VideoFigures result={main} />
      </dd>
      {sub && (
        <>
          <dt className="text-muted">{t('cameras.probe.sub')}</dt>
          <dd>
            <VideoFigures result={sub} />
          </dd>
        </>
      )}
      <dt className="text-muted">{t('cameras.probe.sound')}</dt>
      <dd>{main.audio ? soundText(main.audio, t('cameras.probe.sound-as')) : t('cameras.probe.no-sound')}</dd>
    </dl>
  );
}

function soundText(audio: NonNullable<ProbeResult['audio']>, as: string): string {
  const codec = codecName(audio.codec);
  const recordedAs = codecName(audio.recordedAs);
  return codec.toLowerCase() === recordedAs.toLowerCase() ? codec : `${codec} ${as} ${recordedAs}`;
}

function VideoFigures({ result }: { result: ProbeResult }) {
  const { t } = useTranslation();
  const numbers = useNumberFormat();
  const { codec, width, height, fps, bitrateBps } = result.video;
  const parts = [codecName(codec), `${width} × ${height}`];
  if (fps > 0) parts.push(t('cameras.fps', { fps: numbers.fps(fps) }));
  if (bitrateBps > 0) parts.push(numbers.bitrate(bitrateBps));
  return parts.join(' · ');
}

function Failure({ state }: { state: Extract<ProbeState, { kind: 'failed' }> }) {
  const { t } = useTranslation();
  const { error, stream, url } = state;
  const failure = error instanceof ApiProblem ? ProbeFailure.safeParse(error.problemCause) : undefined;
  if (!failure?.success) return <ErrorNote error={error} className="w-full" />;
  return (
    <ErrorNote className="w-full">
      {stream === 'sub' && <strong>{t('cameras.probe.sub')}: </strong>}
      {t(`cameras.probe.${failure.data}`, { host: hostOf(url) })}
    </ErrorNote>
  );
}
