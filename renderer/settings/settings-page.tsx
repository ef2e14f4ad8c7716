import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, THEMES, usePreferences } from '../state/preferences.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/button.tsx';
import { LANGUAGE_NAMES } from '../ui/language-names.ts';
import { Page } from '../ui/page.tsx';
import { PasswordDialog } from '../ui/password-dialog.tsx';
import { SelectField } from '../ui/select.tsx';
import { AboutSection } from './about-section.tsx';
import { StorageSection } from './storage-section.tsx';

export function SettingsPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('app.nav.settings')}>
      <div className="mx-auto flex max-w-3xl flex-col gap-10 px-5 py-6 text-base">
        <Section title={t('settings.display.title')}>
          <DisplayFields />
        </Section>
        <Section title={t('settings.account.title')}>
          <AccountFields />
        </Section>
        <Section title={t('settings.storage.title')}>
          <StorageSection />
        </Section>
        <Section title={t('settings.about.title')}>
          <AboutSection />
        </Section>
      </div>
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-4">
      <h2 className="border-b border-line pb-2 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function DisplayFields() {
  const { t } = useTranslation();
  const { language, theme, setLanguage, setTheme } = usePreferences();
  return (
    <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
      <SelectField
        label={t('app.user.language')}
        value={language}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        onChange={setLanguage}
      />
      <SelectField
        label={t('app.user.theme')}
        value={theme}
        options={THEMES.map((value) => ({ value, label: t(`app.theme.${value}`) }))}
        onChange={setTheme}
      />
    </div>
  );
}

function AccountFields() {
  const { t } = useTranslation();
  const session = useSession((state) => state.session);
  const [changing, setChanging] = useState(false);
  return (
    <div className="flex flex-wrap items-center justify-between gap-4">
      <p>{session.kind === 'in' && t('settings.account.user', { username: session.username })}</p>
      <Button onClick={() => setChanging(true)}>{t('ui.password.change')}</Button>
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </div>
  );
}
