export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;

/** The next speed of the list after `speed` in a direction; the ends stay where they are. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  const ordered = direction === 1 ? SPEEDS : SPEEDS.toReversed();
  return ordered.find((candidate) => (candidate - speed) * direction > 0) ?? speed;
}

/**
 * What J, K and L make of the speed, as on an editing desk: L goes forward and then faster, J backward and then faster.
 * Negative speeds run backward.
 */
export function shuttle(speed: number, isPlaying: boolean, direction: 1 | -1): number {
  if (!isPlaying || Math.sign(speed) !== direction) return direction;
  return direction * nextSpeed(Math.abs(speed), 1);
}
