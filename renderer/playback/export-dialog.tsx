import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import type { ExportFormat } from '../../electron/contract/exports.ts';
import { createExport } from '../api/exports.ts';
import type { TimeRange } from '../api/recordings.ts';
import { navigate } from '../state/router.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { exactLength } from '../ui/exact-length.ts';
import { CheckboxField } from '../ui/field.tsx';
import { useNumberFormat } from '../ui/number-format.ts';
import { SelectField } from '../ui/select.tsx';
import { useTimeFormat } from '../ui/time-format.ts';
import { showToast } from '../ui/toast.tsx';
import { announceExport } from './announce-export.ts';
import { estimatedBytes } from './estimated-bytes.ts';
import { fromLocalTime, toLocalTime } from './local-time.ts';
import { LocalTimeField } from './local-time-field.tsx';

interface ExportDialogProps {
  cameras: readonly Camera[];
  chosenIds: readonly string[];
  range: TimeRange;
  onClose: () => void;
}

const LONGEST_MS = 24 * 3_600_000;
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Cameras, range and format of an export; it is made in the background, and listed on the page of exports. */
export function ExportDialog({ cameras, chosenIds, range, onClose }: ExportDialogProps) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const numbers = useNumberFormat();
  const [ids, setIds] = useState<readonly string[]>(chosenIds);
  const [from, setFrom] = useState(() => toLocalTime(range.fromMs, timeZone));
  const [to, setTo] = useState(() => toLocalTime(range.toMs, timeZone));
  const [fileFormat, setFileFormat] = useState<ExportFormat>('mp4');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  // The fields hold whole seconds; a mark that was not touched keeps its milliseconds.
  const fromMs = exactMs(from, range.fromMs);
  const toMs = exactMs(to, range.toMs);
  const lengthMs = fromMs === undefined || toMs === undefined ? undefined : toMs - fromMs;
  const rangeError =
    lengthMs === undefined
      ? undefined
      : lengthMs <= 0
        ? t('playback.export.inverted')
        : lengthMs > LONGEST_MS
          ? t('playback.export.too-long')
          : undefined;
  const chosen = cameras.filter((camera) => ids.includes(camera.id));
  const isReady = chosen.length > 0 && lengthMs !== undefined && rangeError === undefined;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!isReady || fromMs === undefined || toMs === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      const job = await createExport({
        cameraIds: chosen.map((camera) => camera.id),
        fromMs,
        toMs,
        format: fileFormat,
      });
      announceExport(job.id, t);
      showToast(t('playback.export.started'), {
        action: { label: t('playback.export.show'), run: () => navigate('/exports') },
      });
      onClose();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={t('playback.export.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form="export-form" busy={busy} disabled={!isReady}>
            {t('playback.export.submit')}
          </Button>
        </>
      }
    >
      <form id="export-form" className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-sm font-medium">{t('playback.export.cameras')}</legend>
          {cameras.map((camera) => (
            <CheckboxField
              key={camera.id}
              label={camera.name}
              checked={ids.includes(camera.id)}
              onChange={(checked) => setIds(checked ? [...ids, camera.id] : ids.filter((other) => other !== camera.id))}
            />
          ))}
        </fieldset>
        <LocalTimeField legend={t('playback.export.from')} value={from} onChange={setFrom} />
        <LocalTimeField legend={t('playback.export.to')} value={to} onChange={setTo} error={rangeError} />
        <SelectField
          label={t('playback.export.format')}
          value={fileFormat}
          options={[
            { value: 'mp4', label: t('playback.export.mp4') },
            { value: 'zip', label: t('playback.export.zip') },
          ]}
          onChange={setFileFormat}
        />
        <p className="figures text-sm text-muted">
          {lengthMs !== undefined && rangeError === undefined && lengthMs > 0
            ? t('playback.export.summary', {
                length: exactLength(lengthMs),
                size: numbers.bytes(estimatedBytes(chosen, lengthMs)),
                zone: format.zone(fromMs ?? range.fromMs),
              })
            : t('playback.export.zone', { zone: format.zone(range.fromMs) })}
        </p>
        {error !== undefined && <ErrorNote error={error} />}
      </form>
    </Dialog>
  );
}

function exactMs(fields: ReturnType<typeof toLocalTime>, originalMs: number): number | undefined {
  const untouched = toLocalTime(originalMs, timeZone);
  if (untouched.date === fields.date && untouched.time === fields.time) return Math.round(originalMs);
  return fromLocalTime(fields, timeZone);
}
