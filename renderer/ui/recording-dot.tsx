import { classes } from './classes.ts';

/** Steady and full while recording, a ring otherwise: told apart without colour. What it means stands beside it. */
export function RecordingDot({ recording, className }: { recording: boolean; className?: string }) {
  return (
    <span
      aria-hidden
      className={classes(
        'block size-2.5 shrink-0 rounded-full border-[1.5px] border-current',
        recording && 'bg-current',
        className,
      )}
    />
  );
}
