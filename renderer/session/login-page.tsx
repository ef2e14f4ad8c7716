import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/api-problem.ts';
import { logIn } from '../api/session.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { Entrance } from './entrance.tsx';

export function LoginPage({ expired }: { expired: boolean }) {
  const { t } = useTranslation();
  const refresh = useSession((state) => state.refresh);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const form = useRef<HTMLFormElement>(null);
  const wrong = error instanceof ApiProblem && error.kind === 'unauthenticated';

  useEffect(() => {
    document.title = t('app.title', { page: t('session.login.title') });
  }, [t]);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (username.trim() === '' || password === '') return;
    setBusy(true);
    setError(undefined);
    try {
      await logIn({ username: username.trim(), password });
      await refresh();
    } catch (caught) {
      setError(caught);
      setBusy(false);
      form.current?.querySelector<HTMLInputElement>('input[type=password]')?.select();
    }
  };

  return (
    <Entrance title={t('session.login.title')} {...(expired ? { intro: t('session.login.expired') } : {})}>
      <form ref={form} className="flex flex-col gap-4" onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={t('session.username')}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          value={username}
          onChange={setUsername}
        />
        <TextField
          label={t('session.password')}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={setPassword}
        />
        {error !== undefined && <ErrorNote error={error}>{wrong ? t('session.login.wrong') : undefined}</ErrorNote>}
        <Button kind="primary" type="submit" busy={busy} className="mt-2">
          {t('session.login.submit')}
        </Button>
      </form>
    </Entrance>
  );
}
