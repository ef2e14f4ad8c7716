import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/api-problem.ts';
import { changePassword } from '../api/session.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';
import { TextField } from './field.tsx';
import { SHORTEST_PASSWORD } from './password-rule.ts';
import { showToast } from './toast.tsx';

/** Changes the user's own password. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [currentPassword, setCurrentPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const [attempted, setAttempted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const tooShort = newPassword.length < SHORTEST_PASSWORD;
  const wrongPassword = error instanceof ApiProblem && error.kind === 'forbidden';

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAttempted(true);
    if (tooShort || currentPassword === '') return;
    setBusy(true);
    setError(undefined);
    try {
      await changePassword({ currentPassword, newPassword });
      showToast(t('ui.password.changed'));
      onClose();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={t('ui.password.change')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form="password-form" busy={busy}>
            {t('ui.password.change')}
          </Button>
        </>
      }
    >
      <form id="password-form" className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
        <TextField
          label={t('ui.password.current')}
          type="password"
          autoComplete="current-password"
          data-autofocus
          value={currentPassword}
          onChange={setCurrentPassword}
          error={wrongPassword ? t('ui.password.wrong') : undefined}
        />
        <TextField
          label={t('ui.password.new')}
          type="password"
          autoComplete="new-password"
          value={newPassword}
          onChange={setNewPassword}
          hint={t('ui.password.rule', { count: SHORTEST_PASSWORD })}
          error={attempted && tooShort ? t('ui.password.rule', { count: SHORTEST_PASSWORD }) : undefined}
        />
        {error !== undefined && !wrongPassword && <ErrorNote error={error} />}
      </form>
    </Dialog>
  );
}
