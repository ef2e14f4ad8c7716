import { redactUrls } from '../../native/redact-urls.ts';

/**
 * Hides what must not be read in a log: `user:password@` of URLs, and parameters that cameras take passwords in
 * (`?user=admin&password=x`, `/user=admin_password=x_channel=1`).
 */
export function redact(text: string): string {
  return redactUrls(text).replace(SECRET_PARAMETER, `$1${MASK}`);
}

/** What stands in the place of a secret. No camera's password in practice; refused as one when it comes back. */
export const MASK = '***';

/** A parameter of a query or of a path whose value is a secret, up to the next separator. */
export const SECRET_PARAMETER = /([?&/_;](?:password|passwd|pass|pwd|token|secret|auth)=)[^&/?#;\s"']*/gi;
