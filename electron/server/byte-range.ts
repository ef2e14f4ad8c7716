/** Inclusive, as in HTTP. */
export interface ByteRange {
  firstByte: number;
  lastByte: number;
}

/**
 * The one range that a Range header asks for (RFC 9110 14.1.2), cut to the size of the file.
 *
 * `whole` for what may be ignored: no header, other units, several ranges, or a malformed one (RFC 9110 14.2).
 * `unsatisfiable` when it begins behind the end, for 416.
 */
export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/.exec(header ?? '');
  const first = match?.[1] ?? '';
  const last = match?.[2] ?? '';
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const suffixBytes = Math.min(Number(last), sizeBytes);
    if (suffixBytes === 0) return 'unsatisfiable';
    return { firstByte: sizeBytes - suffixBytes, lastByte: sizeBytes - 1 };
  }
  const firstByte = Number(first);
  if (last !== '' && Number(last) < firstByte) return 'whole';
  if (firstByte >= sizeBytes) return 'unsatisfiable';
  return { firstByte, lastByte: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
}
