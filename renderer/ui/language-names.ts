import type { Language } from '../state/preferences.ts';

/** Each language by its own name, so that whoever cannot read the present one finds the way out. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', es: 'Español' };
