/** `1:10`, `2:03:04`: a length to the second, in figures, for where a rounded one would not do. */
export function exactLength(lengthMs: number): string {
  const seconds = Math.max(0, Math.round(lengthMs / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const tail = `${two(minutes % 60)}:${two(seconds % 60)}`;
  return minutes < 60 ? tail.replace(/^0/, '') : `${Math.floor(minutes / 60)}:${tail}`;
}
