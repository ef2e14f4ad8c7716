import { useSyncExternalStore } from 'react';

export interface Place {
  path: string;
  query: URLSearchParams;
}

interface NavigateOptions {
  /** Take the place of the present history entry: for a changed view of the same page. */
  replace?: boolean;
}

const listeners = new Set<() => void>();
let place = readPlace();

window.addEventListener('popstate', announce);

/** Goes to a path of this app with an optional query, as `/timeline?camera=...&at=...`. */
export function navigate(to: string, options: NavigateOptions = {}): void {
  const current = window.location.pathname + window.location.search;
  if (to === current) return;
  if (options.replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  announce();
}

/** The present path and query; the component renders again when they change. */
export function usePlace(): Place {
  return useSyncExternalStore(subscribe, currentPlace);
}

export function currentPlace(): Place {
  return place;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function announce(): void {
  place = readPlace();
  for (const listener of listeners) listener();
}

function readPlace(): Place {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}
