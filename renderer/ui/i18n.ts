import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from '../../resources/locales/en.json' with { type: 'json' };
import es from '../../resources/locales/es.json' with { type: 'json' };
import { usePreferences, type Language } from '../state/preferences.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    keySeparator: false;
    nsSeparator: false;
    resources: { translation: typeof en };
  }
}

/** A key of the locale files. Keys begin with their feature, then a dot. */
export type MessageKey = keyof typeof en;

/** Sets up the texts; afterwards the language follows the user's preference. */
export function startI18n(): void {
  // Both languages are bundled, so that initialising needs no wait and changing language does not flicker.
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, es: { translation: es } },
    lng: usePreferences.getState().language,
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  showLanguage(usePreferences.getState().language);
  usePreferences.subscribe((now, before) => {
    if (now.language !== before.language) showLanguage(now.language);
  });
}

function showLanguage(language: Language): void {
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
