import { classes } from './classes.ts';

/** Keeps the place of what is on its way. `className` gives its size, which is that of the content to come. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={classes('skeleton block', className)} />;
}
