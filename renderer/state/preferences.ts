import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

export const THEMES = ['dark', 'light', 'system'] as const;
export type Theme = (typeof THEMES)[number];

export const LIVE_LAYOUTS = ['1', '2x2', '3x3', '4x4', 'auto'] as const;
export type LiveLayout = (typeof LIVE_LAYOUTS)[number];

interface Preferences {
  language: Language;
  theme: Theme;
  liveLayout: LiveLayout;
  setLanguage: (language: Language) => void;
  setTheme: (theme: Theme) => void;
  setLiveLayout: (liveLayout: LiveLayout) => void;
}

/** What this browser remembers of its user's wishes; it never leaves the browser. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      language: languageOfBrowser(),
      theme: 'dark',
      liveLayout: 'auto',
      setLanguage: (language) => set({ language }),
      setTheme: (theme) => set({ theme }),
      setLiveLayout: (liveLayout) => set({ liveLayout }),
    }),
    {
      name: 'atalaya.preferences',
      partialize: ({ language, theme, liveLayout }) => ({ language, theme, liveLayout }),
      // What was stored by another version, or by hand, is taken only where it is still a choice.
      merge: (stored, initial) => ({ ...initial, ...readStored(stored) }),
    },
  ),
);

function readStored(stored: unknown): Partial<Preferences> {
  if (typeof stored !== 'object' || stored === null) return {};
  const kept: Partial<Preferences> = {};
  const { language, theme, liveLayout } = stored as Record<string, unknown>;
  const knownLanguage = LANGUAGES.find((known) => known === language);
  if (knownLanguage) kept.language = knownLanguage;
  const knownTheme = THEMES.find((known) => known === theme);
  if (knownTheme) kept.theme = knownTheme;
  const knownLayout = LIVE_LAYOUTS.find((known) => known === liveLayout);
  if (knownLayout) kept.liveLayout = knownLayout;
  return kept;
}

function languageOfBrowser(): Language {
  for (const tag of navigator.languages) {
    const known = LANGUAGES.find((language) => tag === language || tag.startsWith(`${language}-`));
    if (known) return known;
  }
  return 'en';
}
