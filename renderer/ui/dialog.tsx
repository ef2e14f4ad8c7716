import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes.ts';

interface DialogProps {
  title: string;
  /** Called for Escape, the close button and a press outside; the owner takes the dialog away. */
  onClose: () => void;
  children: ReactNode;
  /** Stays in sight below the content: the buttons. */
  footer?: ReactNode;
  width?: 'narrow' | 'wide';
  /** A press outside closes, unless something typed would be lost. */
  closeOnOutsidePress?: boolean;
}

/**
 * A modal dialog, shown for as long as it is rendered. The browser's own `<dialog>` traps the focus, gives it back at the
 * end, and needs no injected styles, which the content security policy would refuse.
 * The focus begins at the element marked `data-autofocus`, else at the title.
 */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  width = 'narrow',
  closeOnOutsidePress = false,
}: DialogProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown === null) return;
    shown.showModal();
    // The browser would choose the close button, being first.
    const first = shown.querySelector<HTMLElement>('[data-autofocus]') ?? shown.querySelector('h2');
    first?.focus();
    return () => shown.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        // The padding-free dialog is covered by its content: only its backdrop gives the dialog itself as target.
        if (closeOnOutsidePress && event.target === event.currentTarget) onClose();
      }}
      className={classes(
        'm-auto max-h-[calc(100dvh-2rem)] w-full rounded-lg border border-line bg-surface p-0 text-text shadow-2xl',
        'phone:mb-0 phone:max-h-[94dvh] phone:max-w-full phone:rounded-b-none',
        width === 'narrow' ? 'max-w-md' : 'max-w-2xl',
      )}
    >
      <div className="flex max-h-[inherit] flex-col">
        <header className="flex items-center justify-between gap-4 py-3 pr-3 pl-5">
          <h2 id={titleId} tabIndex={-1} className="text-lg font-semibold outline-none">
            {title}
          </h2>
          {/* Without a tooltip: it would lie below the dialog, and take the Escape that is meant for it. */}
          <button
            type="button"
            aria-label={t('ui.dialog.close')}
            onClick={onClose}
            className="flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text phone:size-11"
          >
            <X size={18} aria-hidden />
          </button>
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5 text-base">{children}</div>
        {footer !== undefined && (
          <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
        )}
      </div>
    </dialog>
  );
}
