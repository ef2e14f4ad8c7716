import { Session, type LoginRequest, type PasswordChange, type SetupRequest } from '../../electron/contract/session.ts';
import { requestJson, requestNothing } from './client.ts';

/** Who is asking; without `user` nobody is logged in. @throws ApiProblem */
export function fetchSession(signal?: AbortSignal): Promise<Session> {
  return requestJson(Session, 'GET', '/session', { signal });
}

/** Creates the first administrator and logs in as them. @throws ApiProblem */
export function createFirstAdministrator(body: SetupRequest): Promise<void> {
  return requestNothing('POST', '/setup', { body });
}

export function logIn(body: LoginRequest): Promise<void> {
  return requestNothing('POST', '/session', { body });
}

export function logOut(): Promise<void> {
  return requestNothing('DELETE', '/session');
}

export function changePassword(body: PasswordChange): Promise<void> {
  return requestNothing('PUT', '/session/password', { body });
}
