import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { Dialog } from './dialog.tsx';
import { useShortcut, useShortcutList, type Shortcut } from './shortcuts.ts';

const useHelp = create<{ open: boolean }>()(() => ({ open: false }));

export function openShortcutHelp(): void {
  useHelp.setState({ open: true });
}

/** The list of keys, on `?`; rendered once. */
export function ShortcutHelp() {
  useShortcut({ keys: ['?'], label: 'ui.shortcuts.help' }, openShortcutHelp);
  const open = useHelp((state) => state.open);
  return open && <ShortcutList />;
}

function ShortcutList() {
  const { t } = useTranslation();
  // As it was when asked for: the page below must not change the list under the reader.
  const [shortcuts] = useState(useShortcutList());
  return (
    <Dialog title={t('ui.shortcuts.title')} closeOnOutsidePress onClose={() => useHelp.setState({ open: false })}>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-6 gap-y-2">
        {shortcuts.map((shortcut) => (
          <div key={shortcut.label} className="contents">
            <dt className="flex gap-1">
              {writtenKeys(shortcut).map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded border border-line bg-raised px-1.5 py-0.5 text-center font-sans text-sm font-medium"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-base text-muted">{t(shortcut.label)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function writtenKeys(shortcut: Shortcut): string[] {
  if (shortcut.shownAs !== undefined) return [shortcut.shownAs];
  return shortcut.keys.map((key) => SYMBOLS[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

const SYMBOLS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};
