import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DEMO_CAMERAS } from '../../electron/contract/demo-cameras.ts';
import { createCamera } from '../api/cameras.ts';
import { rememberCamera, useServer } from '../state/server.ts';
import { Button } from './button.tsx';
import { describeError } from './describe-error.ts';
import { showToast } from './toast.tsx';

/** Adds those of the built-in demo cameras that are not there yet; they need no hardware. */
export function AddDemoButton() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const add = async (): Promise<void> => {
    setBusy(true);
    try {
      for (const { key, name } of DEMO_CAMERAS) {
        const url = `demo:${key}`;
        if (useServer.getState().cameras.some((camera) => camera.source.url === url)) continue;
        rememberCamera(await createCamera({ name, source: { url } }));
      }
    } catch (error) {
      showToast(describeError(error, t), { kind: 'loss' });
    }
    setBusy(false);
  };
  return (
    <Button busy={busy} onClick={() => void add()}>
      {t('ui.add-demo')}
    </Button>
  );
}
