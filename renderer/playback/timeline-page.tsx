import './playback.css';
import { Cctv, CircleQuestionMark, Table2 } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { navigate, usePlace } from '../state/router.ts';
import { serverNowMs, useServer } from '../state/server.ts';
import { AddDemoButton } from '../ui/add-demo-button.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { exactLength } from '../ui/exact-length.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useNumberFormat } from '../ui/number-format.ts';
import { Page } from '../ui/page.tsx';
import { openShortcutHelp } from '../ui/shortcut-help.tsx';
import { useTimeFormat } from '../ui/time-format.ts';
import { useIsPhone } from '../ui/use-media-query.ts';
import { CameraChoice } from './camera-choice.tsx';
import { CoverageTable } from './coverage-table.tsx';
import { estimatedBytes } from './estimated-bytes.ts';
import { ExportDialog } from './export-dialog.tsx';
import { GoToDialog } from './goto-dialog.tsx';
import type { Marks } from './mark-handles.tsx';
import { CameraTabs, Pictures } from './pictures.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { TransportBar } from './transport-bar.tsx';
import { useAddress } from './use-address.ts';
import { usePlaybackActions, type OpenDialog } from './use-actions.ts';
import { PlaybackProvider, useNewPlayback } from './use-playback.ts';
import { usePlaybackKeys } from './use-playback-keys.ts';
import { useTimelineView } from './use-timeline-view.ts';

/** Playback begins here when nothing says where: late enough to be of now, early enough to be on disk. */
const BEFORE_NOW_MS = 30_000;
/** An export of an unmarked moment begins and ends around the playhead. */
const UNMARKED_BEFORE_MS = 30_000;
const UNMARKED_AFTER_MS = 30_000;
const MOST_CHOSEN_AT_FIRST = 4;

export function TimelinePage() {
  const loaded = useServer((state) => state.loaded);
  const cameras = useServer((state) => state.cameras);
  const { t } = useTranslation();
  if (!loaded) return <Page title={t('app.nav.timeline')}>{null}</Page>;
  if (cameras.length === 0) return <NoCamera />;
  return <Timeline cameras={cameras} />;
}

function Timeline({ cameras }: { cameras: readonly Camera[] }) {
  const { t } = useTranslation();
  const isPhone = useIsPhone();
  const { query } = usePlace();
  const [start] = useState(() => readStart(query.get('at')));
  const [chosenIds, setChosenIds] = useState(() => readChosen(query.get('camera'), cameras));
  const chosen = useMemo(() => cameras.filter((camera) => chosenIds.includes(camera.id)), [cameras, chosenIds]);
  const [wantedActiveId, setActiveId] = useState(() => query.get('camera')?.split(',')[0]);
  const active = chosen.find((camera) => camera.id === wantedActiveId) ?? chosen[0];
  const [isEnlarged, setEnlarged] = useState(false);
  const [isTableShown, setTableShown] = useState(false);
  const [marks, setMarks] = useState<Marks>({});
  const [isMuted, setMuted] = useState(true);
  const [dialog, setDialog] = useState<OpenDialog>('none');
  const playback = useNewPlayback(start.atMs);
  const view = useTimelineView(playback, start.atMs);
  const actions = usePlaybackActions({ playback, view, cameras: chosen, active, setMarks, setMuted, open: setDialog });
  const marked = useMarkedText(marks, chosen);
  useAddress(playback, chosenIds, actions.goTo);
  const closeDialog = useCallback(() => setDialog('none'), []);

  usePlaybackKeys(actions, view, {
    count: chosen.length,
    choose: (index) => setActiveId(chosen[index]?.id ?? active?.id),
    toggleEnlarged: () => setEnlarged((before) => !before),
    shrink: () => setEnlarged(false),
  });
  useEffect(() => playback?.setActive(active?.id), [playback, active?.id]);
  useEffect(() => playback?.setMuted(isMuted), [playback, isMuted]);
  // Who comes from a live tile wants to see what just happened, not a still of it.
  useEffect(() => {
    if (start.isGiven) playback?.play(1);
  }, [playback, start]);

  const exportRange = {
    fromMs: marks.fromMs ?? (marks.toMs ?? playback?.positionMs ?? start.atMs) - UNMARKED_BEFORE_MS,
    toMs: marks.toMs ?? (marks.fromMs ?? playback?.positionMs ?? start.atMs) + UNMARKED_AFTER_MS,
  };
  return (
    <Page
      title={t('app.nav.timeline')}
      content="fill"
      actions={
        <>
          <CameraChoice cameras={cameras} chosenIds={chosen.map((camera) => camera.id)} onChange={setChosenIds} />
          <IconButton
            label={t('playback.table.title')}
            icon={<Table2 size={18} />}
            pressed={isTableShown}
            onClick={() => setTableShown(!isTableShown)}
          />
          <IconButton
            label={t('ui.shortcuts.title')}
            shortcut="?"
            icon={<CircleQuestionMark size={18} />}
            onClick={openShortcutHelp}
            className="phone:hidden"
          />
        </>
      }
    >
      {playback && (
        <PlaybackProvider value={playback}>
          <div className="flex h-full min-h-0">
            <div className="flex min-h-0 min-w-0 flex-1 flex-col">
              {isPhone && <CameraTabs cameras={chosen} activeId={active?.id} onChoose={setActiveId} />}
              <Pictures
                cameras={chosen}
                activeId={active?.id}
                isEnlarged={isEnlarged}
                onChoose={setActiveId}
                onEnlarge={() => setEnlarged((before) => !before)}
                onExport={actions.openExport}
              />
              {!isPhone && <TransportBar actions={actions} isMuted={isMuted} marked={marked} />}
              {isPhone && isTableShown ? (
                <CoverageTable cameras={chosen} scale={view.scale} onSeek={actions.goTo} />
              ) : (
                <TimelinePanel
                  cameras={chosen}
                  activeId={active?.id}
                  view={view}
                  marks={marks}
                  onMarks={setMarks}
                  onChoose={setActiveId}
                  onLast={actions.last}
                />
              )}
              {isPhone && !isTableShown && <span className="flex-1" />}
              {isPhone && <TransportBar actions={actions} isMuted={isMuted} marked={marked} />}
            </div>
            {!isPhone && isTableShown && <CoverageTable cameras={chosen} scale={view.scale} onSeek={actions.goTo} />}
          </div>
        </PlaybackProvider>
      )}
      {dialog === 'goto' && playback && (
        <GoToDialog atMs={playback.positionMs} onGo={actions.goTo} onClose={closeDialog} />
      )}
      {dialog === 'export' && (
        <ExportDialog
          cameras={cameras}
          chosenIds={active ? [active.id] : []}
          range={exportRange}
          onClose={closeDialog}
        />
      )}
    </Page>
  );
}

function NoCamera() {
  const { t } = useTranslation();
  return (
    <Page title={t('app.nav.timeline')}>
      <EmptyState
        icon={<Cctv size={48} strokeWidth={1.25} />}
        title={t('playback.empty.title')}
        actions={
          <>
            <Button kind="primary" onClick={() => navigate('/cameras?add')}>
              {t('playback.empty.add')}
            </Button>
            <AddDemoButton />
          </>
        }
      >
        {t('playback.empty.text')}
      </EmptyState>
    </Page>
  );
}

function useMarkedText(marks: Marks, cameras: readonly Camera[]): string | undefined {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const numbers = useNumberFormat();
  const { fromMs, toMs } = marks;
  if (fromMs !== undefined && toMs !== undefined) {
    return t('playback.marks.range', {
      length: exactLength(toMs - fromMs),
      size: numbers.bytes(estimatedBytes(cameras, toMs - fromMs)),
    });
  }
  if (fromMs !== undefined) return t('playback.marks.only-from', { time: format.clock(fromMs) });
  if (toMs !== undefined) return t('playback.marks.only-to', { time: format.clock(toMs) });
  return undefined;
}

/** `at` of the address; without it, a little before now. */
function readStart(at: string | null): { atMs: number; isGiven: boolean } {
  const atMs = Number(at);
  if (at !== null && Number.isFinite(atMs) && atMs > 0) return { atMs: Math.round(atMs), isGiven: true };
  return { atMs: serverNowMs() - BEFORE_NOW_MS, isGiven: false };
}

/** `camera` of the address, ids with commas; without it, the first few cameras. */
function readChosen(ids: string | null, cameras: readonly Camera[]): string[] {
  const wanted = ids?.split(',') ?? [];
  const known = cameras.map((camera) => camera.id).filter((id) => wanted.includes(id));
  return known.length > 0 ? known : cameras.slice(0, MOST_CHOSEN_AT_FIRST).map((camera) => camera.id);
}
