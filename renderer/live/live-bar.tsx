import { ChevronLeft, ChevronRight, CircleQuestionMark, Maximize } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LIVE_LAYOUTS, usePreferences } from '../state/preferences.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { openShortcutHelp } from '../ui/shortcut-help.tsx';
import { toggleFullscreen } from '../ui/fullscreen.ts';
import type { Grid } from './use-grid.ts';

/** Layout, pages, full screen and help. A phone has one column and none of them. */
export function LiveBar({ grid }: { grid: Grid }) {
  const { t } = useTranslation();
  if (grid.isColumn) return null;
  const { page, setPage } = grid;
  const { pages } = grid.shape;
  return (
    <>
      {pages > 1 && (
        <div className="flex items-center">
          <IconButton
            label={t('live.keys.previous-page')}
            shortcut="PageUp"
            icon={<ChevronLeft size={18} />}
            onClick={() => setPage((page + pages - 1) % pages)}
          />
          <span className="figures min-w-10 text-center text-muted">{t('live.page', { page: page + 1, pages })}</span>
          <IconButton
            label={t('live.keys.next-page')}
            shortcut="PageDown"
            icon={<ChevronRight size={18} />}
            onClick={() => setPage((page + 1) % pages)}
          />
        </div>
      )}
      <LayoutChoice />
      <IconButton
        label={t('live.keys.fullscreen')}
        shortcut="F"
        icon={<Maximize size={18} />}
        onClick={toggleFullscreen}
      />
      <IconButton
        label={t('ui.shortcuts.title')}
        shortcut="?"
        icon={<CircleQuestionMark size={18} />}
        onClick={openShortcutHelp}
      />
    </>
  );
}

function LayoutChoice() {
  const { t } = useTranslation();
  const { liveLayout, setLiveLayout } = usePreferences();
  return (
    <div role="group" aria-label={t('live.layout.label')} className="flex rounded-md border border-line p-0.5">
      {LIVE_LAYOUTS.map((layout) => (
        <button
          key={layout}
          type="button"
          aria-label={t(`live.layout.${layout}`)}
          aria-pressed={layout === liveLayout}
          onClick={() => setLiveLayout(layout)}
          className="figures h-7 min-w-8 rounded px-2 text-sm text-muted transition-colors hover:bg-hover hover:text-text aria-pressed:bg-hover aria-pressed:font-semibold aria-pressed:text-accent"
        >
          {layout === 'auto' ? t('live.layout.auto-short') : layout.replace('x', '×')}
        </button>
      ))}
    </div>
  );
}
