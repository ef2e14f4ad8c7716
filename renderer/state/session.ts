import { create } from 'zustand';
import { ApiProblem } from '../api/api-problem.ts';
import { onUnauthenticated } from '../api/client.ts';
import { fetchSession, logOut as sendLogOut } from '../api/session.ts';

export type SessionState =
  | { kind: 'loading' }
  /** The server did not answer; it is asked again. */
  | { kind: 'no-answer' }
  | { kind: 'setup' }
  /** `expired`: there was a session, and the user did not end it. */
  | { kind: 'login'; expired: boolean }
  | { kind: 'in'; username: string };

interface SessionStore {
  session: SessionState;
  /** Asks the server who is asking. Never rejects. */
  refresh: () => Promise<void>;
  logOut: () => Promise<void>;
}

export const useSession = create<SessionStore>()((set, get) => ({
  session: { kind: 'loading' },

  refresh: async () => {
    try {
      const answer = await fetchSession();
      const expired = get().session.kind === 'in';
      if (answer.setupNeeded) set({ session: { kind: 'setup' } });
      else if (answer.user === undefined) set({ session: { kind: 'login', expired } });
      else if (!isSameUser(get().session, answer.user.username))
        set({ session: { kind: 'in', username: answer.user.username } });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      // While somebody is in, a lost server is the feed's matter: the page stays as it is.
      if (get().session.kind !== 'in') set({ session: { kind: 'no-answer' } });
    }
  },

  logOut: async () => {
    await sendLogOut();
    set({ session: { kind: 'login', expired: false } });
  },
}));

onUnauthenticated(() => {
  if (useSession.getState().session.kind === 'in') useSession.setState({ session: { kind: 'login', expired: true } });
});

function isSameUser(session: SessionState, username: string): boolean {
  return session.kind === 'in' && session.username === username;
}
