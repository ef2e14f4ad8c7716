import { usePreferences, type Theme } from '../state/preferences.ts';

/** Shows the preferred theme, now and whenever the preference or the system's own theme changes. */
export function startTheme(): void {
  const systemLight = window.matchMedia('(prefers-color-scheme: light)');
  const show = (theme: Theme): void => {
    const plain = theme === 'system' ? (systemLight.matches ? 'light' : 'dark') : theme;
    document.documentElement.dataset['theme'] = plain;
  };
  show(usePreferences.getState().theme);
  usePreferences.subscribe((now) => show(now.theme));
  systemLight.addEventListener('change', () => show(usePreferences.getState().theme));
}
