import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { classes } from './classes.ts';
import { IconButton } from './icon-button.tsx';

interface ToastAction {
  label: string;
  run: () => void;
}

interface ToastMessage {
  id: number;
  text: string;
  kind: 'info' | 'loss';
  action?: ToastAction | undefined;
}

interface ToastOptions {
  kind?: ToastMessage['kind'];
  action?: ToastAction;
}

/** Long enough to read two lines and reach the button; a loss stays until it is put away. */
const SHOWN_MS = 7000;

const useToasts = create<{ toasts: ToastMessage[] }>()(() => ({ toasts: [] }));
let lastId = 0;

/** Says something in passing, at the foot of the page. `text` is already in the user's language. */
export function showToast(text: string, { kind = 'info', action }: ToastOptions = {}): void {
  lastId += 1;
  const toast: ToastMessage = { id: lastId, text, kind, action };
  // Three at most: the oldest gives way.
  useToasts.setState((state) => ({ toasts: [...state.toasts, toast].slice(-3) }));
  if (kind === 'info') setTimeout(() => dismiss(toast.id), SHOWN_MS);
}

/** The place where toasts appear; rendered once. */
export function Toasts() {
  const { t } = useTranslation();
  const toasts = useToasts((state) => state.toasts);
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-50 flex flex-col items-center gap-2 px-4 phone:bottom-20"
    >
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className={classes(
            'pointer-events-auto flex max-w-lg items-center gap-3 rounded-md border bg-raised py-1.5 pr-1.5 pl-4 shadow-xl',
            toast.kind === 'loss' ? 'border-loss' : 'border-line',
          )}
        >
          <span className="py-1">{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              className="min-h-8 rounded px-2 font-semibold text-accent hover:bg-hover"
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <IconButton
            label={t('ui.toast.dismiss')}
            icon={<X size={16} />}
            onClick={() => dismiss(toast.id)}
            tooltipSide="top"
          />
        </div>
      ))}
    </div>
  );
}

function dismiss(id: number): void {
  useToasts.setState((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) }));
}
