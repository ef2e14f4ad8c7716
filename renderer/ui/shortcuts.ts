import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { MessageKey } from './i18n.ts';

export interface Shortcut {
  /** `event.key` values that trigger it, as `f`, `Enter`, `ArrowLeft`, `[`, `?`; letters in lower case. */
  keys: readonly string[];
  /** What it does, for the list. */
  label: MessageKey;
  /** The keys as written in the list, where that is not the keys themselves: `1`-`9`. */
  shownAs?: string;
}

interface Registered extends Shortcut {
  run: (event: KeyboardEvent) => void;
}

const registered = new Set<Registered>();
const listeners = new Set<() => void>();
let list: readonly Shortcut[] = [];

/**
 * Makes keys do something while the component is shown. They rest while a text is being typed, while a dialog is open
 * and while a modifier is held; of two shortcuts with the same key, the one registered last wins.
 */
export function useShortcut(shortcut: Shortcut, run: (event: KeyboardEvent) => void, enabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const { label, shownAs } = shortcut;
  const keys = shortcut.keys.join(' ');
  useEffect(() => {
    if (!enabled) return;
    const entry: Registered = { keys: keys.split(' '), label, run: (event) => latest.current(event) };
    if (shownAs !== undefined) entry.shownAs = shownAs;
    registered.add(entry);
    announce();
    return () => {
      registered.delete(entry);
      announce();
    };
  }, [keys, label, shownAs, enabled]);
}

/** Every shortcut that works at present, in the order of registration. */
export function useShortcutList(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => list,
  );
}

/** Listens to the keyboard; called once. */
export function startShortcuts(): void {
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') handleKey(event);
  });
  // Tooltips keep Escape to themselves; only an open menu has a better claim to it than the page.
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !document.querySelector('[role="menu"]')) handleKey(event);
  };
  window.addEventListener('keydown', onEscape, { capture: true });
}

function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector('dialog[open]') || isTyping(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // A button in focus keeps the keys that press it.
  if ((key === 'Enter' || key === ' ') && isPressable(event.target)) return;
  // A space stands between keys, so the space bar registers as `Space`.
  const name = key === ' ' ? 'Space' : key;
  const match = [...registered].findLast((entry) => entry.keys.includes(name));
  if (match === undefined) return;
  event.preventDefault();
  match.run(event);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'button';
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, [role="menuitem"]') !== null;
}

function announce(): void {
  list = [...registered];
  for (const listener of listeners) listener();
}
