import { Cctv } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { navigate } from '../state/router.ts';
import { useServer } from '../state/server.ts';
import { AddDemoButton } from '../ui/add-demo-button.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';
import { LiveBar } from './live-bar.tsx';
import { LiveGrid } from './live-grid.tsx';
import { useGrid } from './use-grid.ts';

export function LivePage() {
  const { t } = useTranslation();
  const loaded = useServer((state) => state.loaded);
  const cameras = useServer((state) => state.cameras);
  const grid = useGrid(cameras);
  return (
    <Page title={t('app.nav.live')} content="fill" actions={cameras.length > 0 && <LiveBar grid={grid} />}>
      {loaded && cameras.length === 0 ? <NoCamera /> : <LiveGrid grid={grid} loaded={loaded} />}
    </Page>
  );
}

function NoCamera() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<Cctv size={48} strokeWidth={1.25} />}
      title={t('live.empty.title')}
      actions={
        <>
          <Button kind="primary" onClick={() => navigate('/cameras?add')}>
            {t('live.empty.add')}
          </Button>
          <AddDemoButton />
        </>
      }
    >
      {t('live.empty.text')}
    </EmptyState>
  );
}
