import { describe, expect, it } from 'vitest';
import en from '../../resources/locales/en.json' with { type: 'json' };
import es from '../../resources/locales/es.json' with { type: 'json' };

type Messages = Record<string, string>;

const SOURCES = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const PLURAL = /_(zero|one|two|few|many|other)$/;
/** What begins a key: the name of a feature and a dot. */
const KEY_LITERAL = /(['"`])((?:app|ui|session|cameras|live|settings|playback|exports)\.[^'"`\n]*)\1/g;

const languages: [string, Messages][] = [
  ['en', en],
  ['es', es],
];

describe('locales', () => {
  it('hold the same keys', () => {
    expect(baseKeys(es)).toEqual(baseKeys(en));
  });

  it.each(languages)('%s has every plural form of its language', (language, messages) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    const plurals = [...new Set(Object.keys(messages).filter(isPlural).map(baseOf))];
    for (const base of plurals) {
      const present = Object.keys(messages).filter((key) => isPlural(key) && baseOf(key) === base);
      expect(present.toSorted(), base).toEqual(forms.map((form) => `${base}_${form}`));
    }
  });

  it('interpolate the same variables', () => {
    const spanish: Messages = es;
    for (const [key, text] of Object.entries(en)) {
      const translated = spanish[key] ?? '';
      expect(variables(translated), key).toEqual(variables(text));
    }
  });

  it.each(languages)('%s leaves nothing empty and shouts nowhere', (_language, messages) => {
    for (const [key, text] of Object.entries(messages)) {
      expect(text.trim(), key).not.toBe('');
      expect(text, key).not.toMatch(/[!¡]/);
    }
  });

  it('have every key that the code uses, and no other', () => {
    const known = new Set(baseKeys(en));
    const used = usedKeys();
    const missing = used.filter((use) => !use.isPattern && !known.has(use.key) && !isPath(use.key));
    expect(missing.map((use) => `${use.key} in ${use.file}`)).toEqual([]);

    const patterns = used.filter((use) => use.isPattern).map((use) => ({ ...use, matcher: patternOf(use.key) }));
    for (const { key, matcher, file } of patterns) {
      expect(
        [...known].some((candidate) => matcher.test(candidate)),
        `${key} in ${file}`,
      ).toBe(true);
    }
    const literal = new Set(used.map((use) => use.key));
    const unused = [...known].filter((key) => !literal.has(key) && !patterns.some(({ matcher }) => matcher.test(key)));
    expect(unused).toEqual([]);
  });
});

interface Use {
  key: string;
  file: string;
  /** A template with holes: `cameras.failure.${failure}`. */
  isPattern: boolean;
}

function usedKeys(): Use[] {
  const sources = Object.entries(SOURCES).filter(([file]) => !/\.test\.tsx?$/.test(file));
  return sources.flatMap(([file, text]) =>
    [...text.matchAll(KEY_LITERAL)].map((match) => {
      const key = match[2] ?? '';
      return { key, file, isPattern: match[1] === '`' && key.includes('${') };
    }),
  );
}

/** A string may begin like a key and be a file's name. */
function isPath(text: string): boolean {
  return /\.(ts|tsx|json|css)$/.test(text);
}

function patternOf(template: string): RegExp {
  const literals = template.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'));
  return new RegExp(`^${literals.join('[^.]+')}$`);
}

function baseKeys(messages: Messages): string[] {
  return [...new Set(Object.keys(messages).map((key) => (isPlural(key) ? baseOf(key) : key)))].toSorted();
}

function isPlural(key: string): boolean {
  return PLURAL.test(key);
}

function baseOf(key: string): string {
  return key.replace(PLURAL, '');
}

function variables(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([^},\s]+)/g)].map((match) => match[1] ?? '').toSorted();
}
