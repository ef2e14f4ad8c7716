import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { CONTROL_CLASSES, Field } from './field.tsx';

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
}

interface SelectProps<Value extends string> {
  value: Value;
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
}

interface SelectFieldProps<Value extends string> extends SelectProps<Value> {
  label: ReactNode;
  hint?: ReactNode;
}

/** The platform's own list: a phone shows its wheel, and a keyboard finds options by their first letters. */
export function SelectField<Value extends string>({ label, hint, ...select }: SelectFieldProps<Value>) {
  return (
    <Field label={label} hint={hint}>
      {(control) => <PlainSelect {...select} {...control} className={CONTROL_CLASSES} />}
    </Field>
  );
}

interface BarSelectProps<Value extends string> extends SelectProps<Value> {
  /** Its accessible name: a bar has no room for a visible one. */
  label: string;
}

/** A select for bars. */
export function BarSelect<Value extends string>({ label, ...select }: BarSelectProps<Value>) {
  return (
    <PlainSelect
      {...select}
      aria-label={label}
      className="h-8 rounded-md bg-transparent px-2 text-sm text-text hover:bg-hover phone:h-11"
    />
  );
}

interface PlainSelectProps<Value extends string> extends SelectProps<Value> {
  id?: string;
  className: string;
  'aria-label'?: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: boolean;
}

function PlainSelect<Value extends string>({ value, options, onChange, className, ...rest }: PlainSelectProps<Value>) {
  return (
    <span className="relative inline-flex">
      <select
        {...rest}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
        className={classes(className, 'appearance-none pr-8')}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-surface text-text">
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        size={14}
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-muted"
      />
    </span>
  );
}
