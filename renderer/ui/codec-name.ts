const NAMES: [RegExp, string][] = [
  [/avc[134]/, 'H.264'],
  [/hvc1|hev1/, 'H.265'],
  [/av01/, 'AV1'],
  [/vp09/, 'VP9'],
  [/mp4a|^aac/, 'AAC'],
  [/pcm_(mu|a)law/, 'G.711'],
  [/opus/, 'Opus'],
];

/** The name people know of an RFC 6381 codec string, or of the first codec in a MIME type; else the string itself. */
export function codecName(codec: string): string {
  return NAMES.find(([pattern]) => pattern.test(codec))?.[1] ?? codec;
}
