/** Names that Windows keeps for devices, whatever their extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
/** Leaves room for the date in the 255 bytes of a file name, also when each character takes four. */
const LONGEST_NAME = 50;

/** `<camera name>_<YYYY-MM-DD_HH-MM-SS>Z.mp4`, valid on every file system, unlike any of the names taken. */
export function exportFileName(cameraName: string, startMs: number, taken: ReadonlySet<string>): string {
  const base = `${safeName(cameraName)}_${timeInName(startMs)}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${base}.mp4` : `${base}_${number}.mp4`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

export function exportZipName(fromMs: number): string {
  return `Atalaya_${timeInName(fromMs)}.zip`;
}

function safeName(text: string): string {
  const plain = text
    .normalize('NFC')
    // What Windows refuses in names, separators of all systems, control and format characters, lone surrogates.
    .replace(/[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]+/gu, '-')
    .replace(/\s+/g, ' ');
  const short = [...plain].slice(0, LONGEST_NAME).join('');
  // Leading dots hide a file, trailing ones and spaces vanish on Windows.
  const trimmed = short.replace(/^[. ]+|[. ]+$/g, '');
  if (trimmed === '') return 'camera';
  return RESERVED.test(trimmed) ? `${trimmed}-camera` : trimmed;
}

function timeInName(timeMs: number): string {
  const [date, time] = new Date(timeMs).toISOString().slice(0, 19).split('T');
  return `${date}_${time?.replaceAll(':', '-')}Z`;
}
