import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import { classes } from './classes.ts';

interface FieldProps {
  label: ReactNode;
  /** Said below, before anything is typed. */
  hint?: ReactNode;
  /** What is wrong with the value, as a sentence; takes the hint's place. */
  error?: string | undefined;
  /** Gets the attributes which tie the control to its label, hint and error. */
  children: (control: ControlAttributes) => ReactNode;
}

export interface ControlAttributes {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
}

/** A labelled control with its hint or error. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': note === undefined ? undefined : noteId,
        'aria-invalid': error !== undefined,
      })}
      {note !== undefined && (
        <p
          id={noteId}
          role={error === undefined ? undefined : 'alert'}
          className={error ? 'text-sm text-loss' : 'text-sm text-muted'}
        >
          {note}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  value: string;
  onChange: (value: string) => void;
}

export function TextField({ label, hint, error, value, onChange, className, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          type="text"
          {...rest}
          {...control}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={classes(CONTROL_CLASSES, className)}
        />
      )}
    </Field>
  );
}

/** The look of text fields and selects. */
export const CONTROL_CLASSES =
  'h-9 w-full rounded-md border border-line-strong bg-field px-3 text-base text-text placeholder:text-faint ' +
  'aria-invalid:border-loss disabled:opacity-55 phone:h-11';

interface CheckboxFieldProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export function CheckboxField({ label, hint, checked, onChange, disabled = false }: CheckboxFieldProps) {
  const id = useId();
  return (
    <div className="flex gap-3">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-px size-6 shrink-0 cursor-pointer accent-text"
      />
      <div className="flex flex-col gap-0.5 pt-0.5">
        <label htmlFor={id} className="text-base">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-sm text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
