import { useTranslation } from 'react-i18next';
import type { Camera, Transport } from '../../electron/contract/camera.ts';
import { CheckboxField, TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select.tsx';
import { losesPassword, type CameraForm, type FormErrors } from './camera-form.ts';

interface CameraFieldsProps {
  form: CameraForm;
  camera: Camera | undefined;
  errors: FormErrors;
  onChange: (form: CameraForm) => void;
}

export function CameraFields({ form, camera, errors, onChange }: CameraFieldsProps) {
  const { t } = useTranslation();
  const set = (change: Partial<CameraForm>): void => onChange({ ...form, ...change });
  const transports: { value: Transport; label: string }[] = [
    { value: 'tcp', label: t('cameras.field.transport-tcp') },
    { value: 'udp', label: t('cameras.field.transport-udp') },
  ];
  return (
    <>
      <TextField
        label={t('cameras.field.name')}
        data-autofocus
        maxLength={80}
        value={form.name}
        onChange={(name) => set({ name })}
        error={errors.name && t('cameras.field.name-missing')}
      />
      <TextField
        label={t('cameras.field.url')}
        hint={t('cameras.field.url-hint')}
        inputMode="url"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={t('cameras.field.url-example')}
        value={form.url}
        onChange={(url) => set({ url })}
        error={errors.url && t(`cameras.field.url-${errors.url}`)}
      />
      <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
        <TextField
          label={t('cameras.field.username')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={form.username}
          onChange={(username) => set({ username })}
        />
        <TextField
          label={t('cameras.field.password')}
          type="password"
          autoComplete="new-password"
          value={form.password}
          onChange={(password) => set({ password })}
          hint={passwordHint(form, camera, t)}
        />
      </div>
      <TextField
        label={t('cameras.field.sub-url')}
        hint={t('cameras.field.sub-url-hint')}
        inputMode="url"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={t('cameras.field.sub-url-example')}
        value={form.subUrl}
        onChange={(subUrl) => set({ subUrl })}
        error={errors.subUrl && t(`cameras.field.url-${errors.subUrl}`)}
      />
      <div className="grid grid-cols-2 items-start gap-4 phone:grid-cols-1">
        <SelectField
          label={t('cameras.field.transport')}
          value={form.transport}
          options={transports}
          onChange={(transport) => set({ transport })}
        />
        <div className="pt-6 phone:pt-0">
          <CheckboxField
            label={t('cameras.field.record')}
            checked={form.record}
            onChange={(record) => set({ record })}
          />
        </div>
      </div>
    </>
  );
}

function passwordHint(
  form: CameraForm,
  camera: Camera | undefined,
  t: ReturnType<typeof useTranslation>['t'],
): string | undefined {
  if (!camera?.source.hasCredentials) return undefined;
  return losesPassword(form, camera) ? t('cameras.field.password-lost') : t('cameras.field.password-stored');
}
