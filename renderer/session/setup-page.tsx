import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/api-problem.ts';
import { createFirstAdministrator } from '../api/session.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { SHORTEST_PASSWORD } from '../ui/password-rule.ts';
import { Entrance } from './entrance.tsx';

/** The first run: creates the first administrator and goes in. */
export function SetupPage() {
  const { t } = useTranslation();
  const refresh = useSession((state) => state.refresh);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [attempted, setAttempted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const nameMissing = username.trim() === '';
  const notHere = error instanceof ApiProblem && error.kind === 'forbidden';
  const tooShort = password.length < SHORTEST_PASSWORD;

  useEffect(() => {
    document.title = t('app.title', { page: t('session.setup.title') });
  }, [t]);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAttempted(true);
    if (nameMissing || tooShort) return;
    setBusy(true);
    setError(undefined);
    try {
      await createFirstAdministrator({ username: username.trim(), password });
      await refresh();
    } catch (caught) {
      setError(caught);
      setBusy(false);
      // Somebody else was first: their account is the one to log in with.
      if (caught instanceof ApiProblem && caught.kind === 'already-set-up') await refresh();
    }
  };

  return (
    <Entrance title={t('session.setup.title')} intro={t('session.setup.intro')}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={t('session.username')}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          maxLength={64}
          value={username}
          onChange={setUsername}
          error={attempted && nameMissing ? t('session.username-missing') : undefined}
        />
        <TextField
          label={t('session.password')}
          type="password"
          autoComplete="new-password"
          maxLength={256}
          value={password}
          onChange={setPassword}
          hint={t('ui.password.rule', { count: SHORTEST_PASSWORD })}
          error={attempted && tooShort ? t('ui.password.rule', { count: SHORTEST_PASSWORD }) : undefined}
        />
        {error !== undefined && (
          <ErrorNote error={error}>{notHere ? t('session.setup.not-here') : undefined}</ErrorNote>
        )}
        <Button kind="primary" type="submit" busy={busy} className="mt-2">
          {t('session.setup.create')}
        </Button>
      </form>
    </Entrance>
  );
}
