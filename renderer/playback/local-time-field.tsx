import { useTranslation } from 'react-i18next';
import { CONTROL_CLASSES, Field } from '../ui/field.tsx';
import type { LocalTime } from './local-time.ts';

interface LocalTimeFieldProps {
  legend: string;
  value: LocalTime;
  onChange: (value: LocalTime) => void;
  error?: string | undefined;
}

/** Date and time with seconds, by the platform's own pickers. */
export function LocalTimeField({ legend, value, onChange, error }: LocalTimeFieldProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="sr-only">{legend}</legend>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t('playback.field.date', { what: legend })} error={error}>
          {(control) => (
            <input
              type="date"
              required
              {...control}
              value={value.date}
              onChange={(event) => onChange({ ...value, date: event.target.value })}
              className={CONTROL_CLASSES}
            />
          )}
        </Field>
        <Field label={t('playback.field.time')}>
          {(control) => (
            <input
              type="time"
              step={1}
              required
              {...control}
              value={value.time}
              onChange={(event) => onChange({ ...value, time: withSeconds(event.target.value) })}
              className={CONTROL_CLASSES}
            />
          )}
        </Field>
      </div>
    </fieldset>
  );
}

/** Browsers leave out seconds that are zero. */
function withSeconds(time: string): string {
  return /^\d\d:\d\d$/.test(time) ? `${time}:00` : time;
}
