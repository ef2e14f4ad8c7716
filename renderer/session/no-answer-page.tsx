import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/button.tsx';
import { Entrance } from './entrance.tsx';

const RETRY_MS = 3000;

/** Nothing answers at this address: tries again by itself until something does. */
export function NoAnswerPage() {
  const { t } = useTranslation();
  const refresh = useSession((state) => state.refresh);
  useEffect(() => {
    const timer = setInterval(() => void refresh(), RETRY_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  return (
    <Entrance title={t('session.no-answer.title')} intro={t('session.no-answer.text')}>
      <Button className="self-start" onClick={() => void refresh()}>
        {t('session.no-answer.retry')}
      </Button>
    </Entrance>
  );
}
