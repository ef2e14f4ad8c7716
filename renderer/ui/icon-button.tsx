import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.ts';
import { Tooltip } from './tooltip.tsx';

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label' | 'title'> {
  /** Its accessible name, and its tooltip. */
  label: string;
  icon: ReactNode;
  shortcut?: string;
  tooltipSide?: 'top' | 'right' | 'bottom' | 'left';
  /** For a button that turns something on and off. */
  pressed?: boolean;
  /** `picture`: over video, where the theme does not apply. */
  surface?: 'page' | 'picture';
}

export function IconButton({
  label,
  icon,
  shortcut,
  tooltipSide,
  pressed,
  surface = 'page',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut} {...(tooltipSide ? { side: tooltipSide } : {})}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={classes(
          'inline-flex size-8 shrink-0 items-center justify-center rounded-md transition-colors disabled:opacity-50 phone:size-11',
          surface === 'page' && 'text-muted enabled:hover:bg-hover enabled:hover:text-text aria-pressed:text-accent',
          surface === 'picture' &&
            'text-on-picture enabled:hover:bg-on-picture/20 aria-pressed:bg-on-picture/25 focus-visible:outline-on-picture',
          className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
