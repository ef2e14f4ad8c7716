import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Storage } from '../../electron/contract/storage.ts';
import { refreshStorage, useServer } from '../state/server.ts';
import { useNumberFormat } from '../ui/number-format.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { useTimeFormat } from '../ui/time-format.ts';

/** Disks, what each camera keeps on them, and for how long there is room. */
export function StorageSection() {
  const { t } = useTranslation();
  const numbers = useNumberFormat();
  const storage = useServer((state) => state.storage);
  useEffect(() => void refreshStorage(), []);
  if (storage === undefined) {
    return (
      <>
        <Skeleton className="h-24 w-full" />
        <Skeleton className="h-32 w-full" />
      </>
    );
  }
  return (
    <>
      <p>
        {storage.forecastDays === undefined
          ? t('settings.storage.forecast-unknown')
          : t('settings.storage.forecast', { length: numbers.forecast(storage.forecastDays, 'long') })}
      </p>
      {storage.volumes.map((volume) => (
        <Volume key={volume.path} volume={volume} />
      ))}
      <CameraTable storage={storage} />
    </>
  );
}

function Volume({ volume }: { volume: Storage['volumes'][number] }) {
  const { t } = useTranslation();
  const numbers = useNumberFormat();
  const { totalBytes, freeBytes, recordingsBytes, thresholdBytes } = volume;
  const otherBytes = Math.max(0, totalBytes - freeBytes - recordingsBytes);
  const share = (bytes: number): string => `${totalBytes > 0 ? (bytes / totalBytes) * 100 : 0}%`;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm wrap-anywhere text-muted">{volume.path}</p>
      <div className="relative flex h-4 overflow-hidden rounded border border-line-strong bg-bg">
        <span className="bg-text" style={{ width: share(recordingsBytes) }} />
        <span className="bg-line-strong" style={{ width: share(otherBytes) }} />
        <span className="absolute inset-y-0 w-0.5 bg-accent" style={{ right: share(thresholdBytes) }} />
      </div>
      <dl className="figures flex flex-wrap gap-x-6 gap-y-1 text-sm">
        <Figure swatch="bg-text" name={t('settings.storage.recordings')} value={numbers.bytes(recordingsBytes)} />
        <Figure swatch="bg-line-strong" name={t('settings.storage.other')} value={numbers.bytes(otherBytes)} />
        <Figure
          swatch="border border-line-strong bg-bg"
          name={t('settings.storage.free')}
          value={t('settings.storage.free-of', { free: numbers.bytes(freeBytes), total: numbers.bytes(totalBytes) })}
        />
        <Figure swatch="bg-accent" name={t('settings.storage.threshold')} value={numbers.bytes(thresholdBytes)} />
      </dl>
      <p className="text-sm text-muted">
        {t('settings.storage.threshold-hint', { size: numbers.bytes(thresholdBytes) })}
      </p>
    </div>
  );
}

function Figure({ swatch, name, value }: { swatch: string; name: string; value: string }) {
  return (
    <div className="flex items-center gap-2">
      <span aria-hidden className={`size-3 rounded-sm ${swatch}`} />
      <dt className="text-muted">{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function CameraTable({ storage }: { storage: Storage }) {
  const { t } = useTranslation();
  const times = useTimeFormat();
  const numbers = useNumberFormat();
  const cameras = useServer((state) => state.cameras);
  if (storage.cameras.length === 0) return null;
  const nameOf = (cameraId: string): string => cameras.find((camera) => camera.id === cameraId)?.name ?? cameraId;
  return (
    <div role="region" tabIndex={0} aria-label={t('settings.storage.per-camera')} className="overflow-x-auto">
      <table className="figures w-full text-left text-sm">
        <thead className="text-muted">
          <tr className="border-b border-line">
            <th scope="col" className="py-2 pr-4 font-medium">
              {t('settings.storage.camera')}
            </th>
            <th scope="col" className="py-2 pr-4 text-right font-medium">
              {t('settings.storage.used')}
            </th>
            <th scope="col" className="py-2 pr-4 text-right font-medium">
              {t('settings.storage.per-day')}
            </th>
            <th scope="col" className="py-2 font-medium">
              {t('settings.storage.oldest')}
            </th>
          </tr>
        </thead>
        <tbody>
          {storage.cameras.map((use) => (
            <tr key={use.cameraId} className="border-b border-line">
              <th scope="row" className="py-2 pr-4 font-medium">
                {nameOf(use.cameraId)}
              </th>
              <td className="py-2 pr-4 text-right whitespace-nowrap">{numbers.bytes(use.bytes)}</td>
              <td className="py-2 pr-4 text-right whitespace-nowrap">
                {use.bytesPerDay > 0 ? numbers.bytes(use.bytesPerDay) : '–'}
              </td>
              <td className="min-w-36 py-2 sm:whitespace-nowrap">
                {use.oldestMs === undefined ? '–' : times.instant(use.oldestMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
