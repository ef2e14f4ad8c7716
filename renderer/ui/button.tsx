import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.ts';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  /** While true the button takes no presses and says so to assistive technology; its size stays. */
  busy?: boolean;
  icon?: ReactNode;
  /** `small`: in bars and rows. */
  size?: 'normal' | 'small';
}

export function Button({
  kind = 'plain',
  busy = false,
  icon,
  size = 'normal',
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || busy}
      aria-busy={busy}
      className={classes(
        'inline-flex shrink-0 items-center justify-center gap-2 rounded-md text-sm font-medium whitespace-nowrap',
        'transition-colors disabled:opacity-55',
        size === 'normal' ? 'h-9 px-3.5 phone:h-11' : 'h-8 px-3 phone:h-9',
        KINDS[kind],
        className,
      )}
    >
      {icon}
      {children}
    </button>
  );
}

const KINDS: Record<ButtonKind, string> = {
  primary: 'bg-text text-bg enabled:hover:bg-text/85',
  plain: 'border border-line bg-raised text-text enabled:hover:bg-hover',
  quiet: 'text-text enabled:hover:bg-hover',
  danger: 'bg-loss text-on-loss enabled:hover:bg-loss/85',
};
