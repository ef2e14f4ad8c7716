import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes.ts';
import { describeError } from './describe-error.ts';

interface ErrorNoteProps {
  /** What was thrown; or give the sentence as children. */
  error?: unknown;
  children?: ReactNode;
  /** The next step, as a button. */
  action?: ReactNode;
  className?: string;
}

/** An error as a sentence with its next step, announced when it appears. */
export function ErrorNote({ error, children, action, className }: ErrorNoteProps) {
  const { t } = useTranslation();
  return (
    <div
      role="alert"
      className={classes(
        'flex items-start gap-3 rounded-md border border-loss/50 bg-loss/10 px-3 py-2.5 text-text',
        className,
      )}
    >
      <CircleAlert size={18} aria-hidden className="mt-0.5 shrink-0 text-loss" />
      <div className="flex min-w-0 flex-1 flex-col items-start gap-2 text-base wrap-anywhere">
        <div>{children ?? describeError(error, t)}</div>
        {action}
      </div>
    </div>
  );
}
