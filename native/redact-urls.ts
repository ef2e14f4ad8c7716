/**
 * Hides user names and passwords that stand inside URLs: `rtsp://user:pass@host/` becomes `rtsp://***@host/`.
 * Works on any text (FFmpeg's stderr, arguments, error messages); a password that holds `@`, `/` or `#` as people
 * type it is hidden whole.
 */
export function redactUrls(text: string): string {
  return text.replace(CREDENTIALS, '$1***@');
}

/**
 * Scheme, then either everything up to the last `@` of the authority (RFC 3986 3.2), or, where the authority has no
 * `@` but something after its colon that is no port, everything up to the last `@` of the word.
 * The scheme's length is bounded so that a long line without any URL costs linear time.
 */
const CREDENTIALS = /([a-z][a-z0-9+.-]{0,15}:\/\/)(?:[^\s/?#'"]*|[^\s/?#'":]*:(?!\d+(?:[/?#]|$))[^\s'"]*)@/gi;
