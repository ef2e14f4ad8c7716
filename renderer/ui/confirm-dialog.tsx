import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';

interface ConfirmDialogProps {
  title: string;
  /** Names what will be lost. */
  children: ReactNode;
  confirmLabel: string;
  /** The dialog closes when it resolves; where it rejects, the error is shown and the user may try again. */
  onConfirm: () => Promise<void>;
  onClose: () => void;
  /** False while what will be lost is still being looked up. */
  ready?: boolean;
}

/** Asks once before something is destroyed. The focus begins on the way out. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await props.onConfirm();
      props.onClose();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          <Button data-autofocus onClick={props.onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="danger" busy={busy} disabled={props.ready === false} onClick={() => void confirm()}>
            {props.confirmLabel}
          </Button>
        </>
      }
    >
      {props.children}
      {error !== undefined && <ErrorNote error={error} className="mt-4" />}
    </Dialog>
  );
}
