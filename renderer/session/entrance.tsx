import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, usePreferences } from '../state/preferences.ts';
import { LANGUAGE_NAMES } from '../ui/language-names.ts';
import { BarSelect } from '../ui/select.tsx';

interface EntranceProps {
  title: string;
  intro?: ReactNode;
  children: ReactNode;
}

/** The page before the frame: set-up, log in, no answer. */
export function Entrance({ title, intro, children }: EntranceProps) {
  const { t } = useTranslation();
  const { language, setLanguage } = usePreferences();
  return (
    <div className="flex h-dvh flex-col overflow-y-auto">
      <header className="flex justify-end p-3">
        <BarSelect
          label={t('app.user.language')}
          value={language}
          options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          onChange={setLanguage}
        />
      </header>
      <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center gap-6 px-5 pb-24">
        <div className="flex flex-col gap-4">
          <p className="flex items-center gap-3 text-base font-semibold">
            <img src="/icon.svg" alt="" width={32} height={32} />
            {t('app.name')}
          </p>
          <h1 className="text-xl font-semibold">{title}</h1>
          {intro !== undefined && <p className="text-base text-muted">{intro}</p>}
        </div>
        {children}
      </main>
    </div>
  );
}
