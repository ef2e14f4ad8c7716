import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { createCamera, updateCamera } from '../api/cameras.ts';
import { rememberCamera } from '../state/server.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { CameraFields } from './camera-fields.tsx';
import { checkForm, emptyForm, formOf, splitCredentials, toCreate, toPatch, type CameraForm } from './camera-form.ts';
import { ProbePanel } from './probe-panel.tsx';
import { useProbe, type ProbeState } from './use-probe.ts';

interface CameraDialogProps {
  /** The camera to change; without it a new one is added. */
  camera?: Camera | undefined;
  onClose: () => void;
}

/**
 * Adds or changes a camera. What is new about its source is tested first; a failed test can be overruled. A new camera
 * is added only after its picture was seen: it may be the wrong one.
 */
export function CameraDialog({ camera, onClose }: CameraDialogProps) {
  const { t } = useTranslation();
  const [form, setForm] = useState<CameraForm>(() => (camera ? formOf(camera) : emptyForm()));
  const [attempted, setAttempted] = useState(false);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const probe = useProbe(camera);
  const errors = checkForm(form);
  const failed = probe.state.kind === 'failed';
  const busy = saving || probe.state.kind === 'probing';

  const change = (next: CameraForm): void => {
    if (isSourceChanged(form, next) && probe.state.kind !== 'idle') probe.reset();
    setForm(next);
  };

  const test = async (): Promise<boolean> => {
    const complete = splitCredentials(form);
    setForm(complete);
    setAttempted(true);
    const wrong = checkForm({ ...complete, name: 'any' });
    return Object.keys(wrong).length === 0 && (await probe.run(complete));
  };

  const save = async (): Promise<void> => {
    const complete = splitCredentials(form);
    setSaving(true);
    setError(undefined);
    try {
      const saved = camera
        ? await updateCamera(camera.id, toPatch(complete, camera))
        : await createCamera(toCreate(complete));
      rememberCamera(saved);
      onClose();
    } catch (caught) {
      setError(caught);
      setSaving(false);
    }
  };

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAttempted(true);
    const complete = splitCredentials(form);
    if (Object.keys(checkForm(complete)).length > 0) return;
    const needsTest = camera === undefined || isSourceChanged(formOf(camera), complete);
    if (!needsTest || failed || probe.state.kind === 'found') return save();
    if ((await test()) && camera !== undefined) await save();
  };

  return (
    <Dialog
      width="wide"
      title={camera ? t('cameras.dialog.edit', { name: camera.name }) : t('cameras.dialog.add')}
      onClose={onClose}
      footer={
        <>
          <Button className="mr-auto" busy={probe.state.kind === 'probing'} onClick={() => void test()}>
            {t('cameras.dialog.test')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form="camera-form" busy={busy}>
            {submitLabel(camera !== undefined, probe.state.kind, t)}
          </Button>
        </>
      }
    >
      <form
        id="camera-form"
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => void submit(event)}
        onBlur={() => setForm(splitCredentials)}
      >
        <CameraFields form={form} camera={camera} errors={attempted ? errors : {}} onChange={change} />
        <ProbePanel state={probe.state} />
        {error !== undefined && <ErrorNote error={error} />}
      </form>
    </Dialog>
  );
}

function submitLabel(isKnown: boolean, probe: ProbeState['kind'], t: ReturnType<typeof useTranslation>['t']): string {
  if (isKnown) return probe === 'failed' ? t('cameras.dialog.save-anyway') : t('cameras.dialog.save');
  if (probe === 'failed') return t('cameras.dialog.add-anyway');
  return probe === 'found' ? t('cameras.dialog.add-button') : t('cameras.dialog.continue');
}

function isSourceChanged(a: CameraForm, b: CameraForm): boolean {
  const fields = ['url', 'subUrl', 'username', 'password', 'transport'] as const;
  return fields.some((field) => a[field] !== b[field]);
}
