import { CircleUser, Keyboard, KeyRound, LogOut } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, THEMES, usePreferences } from '../state/preferences.ts';
import { useSession } from '../state/session.ts';
import { describeError } from '../ui/describe-error.ts';
import { LANGUAGE_NAMES } from '../ui/language-names.ts';
import { Menu, MenuChoice, MenuDivider, MenuItem } from '../ui/menu.tsx';
import { PasswordDialog } from '../ui/password-dialog.tsx';
import { openShortcutHelp } from '../ui/shortcut-help.tsx';
import { showToast } from '../ui/toast.tsx';

export function UserMenu() {
  const { t } = useTranslation();
  const session = useSession((state) => state.session);
  const logOut = useSession((state) => state.logOut);
  const { language, theme, setLanguage, setTheme } = usePreferences();
  const [changingPassword, setChangingPassword] = useState(false);
  const username = session.kind === 'in' ? session.username : '';
  return (
    <>
      <Menu
        side="right"
        trigger={
          <button
            type="button"
            aria-label={t('app.user.menu', { username })}
            className="flex size-10 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text phone:h-14 phone:w-14"
          >
            <CircleUser size={20} aria-hidden />
          </button>
        }
      >
        <p className="px-2.5 py-1.5 font-semibold">{username}</p>
        <MenuDivider />
        <MenuChoice
          label={t('app.user.language')}
          value={language}
          options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          onChange={setLanguage}
        />
        <MenuChoice
          label={t('app.user.theme')}
          value={theme}
          options={THEMES.map((value) => ({ value, label: t(`app.theme.${value}`) }))}
          onChange={setTheme}
        />
        <MenuDivider />
        <MenuItem icon={<Keyboard size={16} aria-hidden />} onSelect={openShortcutHelp}>
          {t('ui.shortcuts.title')}
        </MenuItem>
        <MenuItem icon={<KeyRound size={16} aria-hidden />} onSelect={() => setChangingPassword(true)}>
          {t('ui.password.change')}
        </MenuItem>
        <MenuItem
          icon={<LogOut size={16} aria-hidden />}
          onSelect={() => logOut().catch((error: unknown) => showToast(describeError(error, t), { kind: 'loss' }))}
        >
          {t('app.user.log-out')}
        </MenuItem>
      </Menu>
      {changingPassword && <PasswordDialog onClose={() => setChangingPassword(false)} />}
    </>
  );
}
