import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { CamerasPage } from './cameras/cameras-page.tsx';
import { Frame } from './frame/frame.tsx';
import { LivePage } from './live/live-page.tsx';
import { LoginPage } from './session/login-page.tsx';
import { NoAnswerPage } from './session/no-answer-page.tsx';
import { SetupPage } from './session/setup-page.tsx';
import { SettingsPage } from './settings/settings-page.tsx';
import { navigate, usePlace } from './state/router.ts';
import { followServer } from './state/server.ts';
import { useSession } from './state/session.ts';
import { PageSkeleton } from './ui/page.tsx';
import { ShortcutHelp } from './ui/shortcut-help.tsx';
import { Toasts } from './ui/toast.tsx';
import { TooltipProvider } from './ui/tooltip.tsx';

const TimelinePage = lazy(async () => ({ default: (await import('./playback/timeline-page.tsx')).TimelinePage }));
const ExportsPage = lazy(async () => ({ default: (await import('./exports/exports-page.tsx')).ExportsPage }));

export function App() {
  return (
    <TooltipProvider delayDuration={400} disableHoverableContent>
      <Gate />
      <Toasts />
    </TooltipProvider>
  );
}

/** Lets in who has a session. The address stays as it is, so that logging in again returns to the same place. */
function Gate() {
  const session = useSession((state) => state.session);
  const refresh = useSession((state) => state.refresh);
  useEffect(() => void refresh(), [refresh]);
  switch (session.kind) {
    case 'loading':
      return null;
    case 'no-answer':
      return <NoAnswerPage />;
    case 'setup':
      return <SetupPage />;
    case 'login':
      return <LoginPage expired={session.expired} />;
    case 'in':
      return <Inside />;
  }
}

function Inside() {
  const { t } = useTranslation();
  useEffect(followServer, []);
  return (
    <>
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded bg-raised px-3 py-2 focus:translate-y-0"
        onClick={(event) => {
          // The address of the page must stay; only the focus moves.
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {t('app.skip-to-content')}
      </a>
      <Frame>
        <Suspense fallback={<PageSkeleton />}>
          <CurrentPage />
        </Suspense>
      </Frame>
      <ShortcutHelp />
    </>
  );
}

function CurrentPage() {
  const { path } = usePlace();
  const page = path.split('/')[1] ?? '';
  const known = ['live', 'timeline', 'exports', 'cameras', 'settings'].includes(page);
  useEffect(() => {
    if (!known) navigate('/live', { replace: true });
  }, [known]);
  switch (page) {
    case 'timeline':
      return <TimelinePage />;
    case 'exports':
      return <ExportsPage />;
    case 'cameras':
      return <CamerasPage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return <LivePage />;
  }
}
