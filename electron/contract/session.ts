import { z } from 'zod';

const Username = z.string().trim().min(1).max(64);

/** NIST SP 800-63B 5.1.1.2: length over composition; 8 at the least, 64 or more accepted. */
const NewPassword = z.string().min(8).max(256);

export const SetupRequest = z.strictObject({ username: Username, password: NewPassword });
export type SetupRequest = z.infer<typeof SetupRequest>;

export const LoginRequest = z.strictObject({ username: Username, password: z.string().min(1).max(256) });
export type LoginRequest = z.infer<typeof LoginRequest>;

export const PasswordChange = z.strictObject({ currentPassword: z.string().min(1).max(256), newPassword: NewPassword });
export type PasswordChange = z.infer<typeof PasswordChange>;

/** Who is asking. `setupNeeded` is true until the first administrator exists. */
export const Session = z.object({
  setupNeeded: z.boolean(),
  user: z.object({ id: z.string(), username: z.string(), role: z.literal('administrator') }).optional(),
});
export type Session = z.infer<typeof Session>;
