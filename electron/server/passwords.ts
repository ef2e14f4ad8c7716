import { hash, verify } from '@node-rs/argon2';

/** OWASP's second recommendation for argon2id (the library's default variant): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password that nobody knows, of the same cost: an unknown user takes as long as a wrong password. */
const DECOY_HASH = '$argon2id$v=19$m=19456,t=2,p=1$60/skLkLjckKxmGN8GiCYg$QcTYMIlpvZyaw6mflx9bpYWCR8l6PoYEzIjiY+CDSCE';

/** An argon2id hash in PHC string format. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST);
}

/** Whether the password belongs to the hash. Without a hash it does the same work and says no. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? DECOY_HASH, password.normalize('NFKC'));
  return matches && passwordHash !== undefined;
}
