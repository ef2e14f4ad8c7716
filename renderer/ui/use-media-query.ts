import { useCallback, useSyncExternalStore } from 'react';

/** The width of the `phone:` variant of theme.css. */
const PHONE = '(width < 640px)';

/** Whether the page is as narrow as a phone. */
export function useIsPhone(): boolean {
  return useMediaQuery(PHONE);
}

function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
