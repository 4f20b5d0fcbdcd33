import type { Hunt, Mutant } from './mutant.ts'

const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })
const inSession = 'internal/user/domain/session.ts'
const inSessions = 'internal/user/infrastructure/prisma-sessions.ts'
const inMailRequest = 'internal/user/domain/mail-request.ts'
const storeDrill = (test: string): Hunt =>
  drill('internal/user/infrastructure/prisma-accounts.int.test.ts', test)

/** Rules of sessions, and of all else that lets somebody in for a while. */
export const sessionMutants: readonly Mutant[] = [
  {
    name: 'spent-token-accepted',
    rule: 'a refresh token that was spent earlier ends the session',
    patches: [
      {
        file: inSession,
        search: "return isRepeat ? session : endSession(session, 'token_reused', at)",
        replace: 'return isRepeat ? session : session',
      },
    ],
    hunt: drill('internal/user/domain/session.test.ts', 'a spent token ends the session'),
  },
  {
    name: 'token-spent-for-ever',
    rule: 'the same pair is given again for ten seconds and no longer',
    patches: [{ file: inSession, search: '<= repeatMs', replace: '>= 0' }],
    hunt: drill('internal/user/domain/session.test.ts', 'a spent token ends the session'),
  },
  {
    name: 'replaced-secret-forgotten',
    rule: 'what the secret before has signed is good until its time is over',
    patches: [
      {
        file: 'internal/gateway/app.ts',
        search: 'for (const [index, secret] of secrets.entries())',
        replace: 'for (const [index, secret] of secrets.slice(0, 1).entries())',
      },
    ],
    hunt: drill('internal/gateway/routes/session-routes.test.ts', 'a replaced secret logs nobody out'),
  },
  {
    name: 'token-raced',
    rule: 'of those who spend a token at once, each sees what the one before has done',
    patches: [
      {
        file: inSessions,
        search: '  await lockOwner(tx, id)\n',
        replace: '',
      },
    ],
    hunt: storeDrill('updates a session in turn'),
  },
  {
    name: 'ending-untold',
    rule: 'gateways are told of a session that has ended',
    patches: [
      {
        file: inSessions,
        search: '  await tellEnded(tx, id)\n',
        replace: '',
      },
    ],
    hunt: storeDrill('tells once of a session that has ended'),
  },
  {
    name: 'session-untold',
    rule: 'events tell of each session that begins',
    patches: [{ file: inSessions, search: '[started, ...ended]', replace: 'ended' }],
    hunt: storeDrill('tells by events what has begun and what has ended'),
  },
  {
    name: 'ending-that-commits-late-missed',
    rule: 'an answer about endings begins before the last question, because transactions commit late',
    patches: [
      { file: inSessions, search: 'since.getTime() - overlapMs', replace: 'since.getTime() + 60_000' },
    ],
    hunt: storeDrill('leaves out nothing that ends while it is asked'),
  },
  {
    name: 'rights-untold',
    rule: 'a change of role counts within a second',
    patches: [
      {
        file: 'internal/user/infrastructure/prisma-accounts.ts',
        search: 'change.state.accessVersion > row.accessVersion',
        replace: 'change.state.accessVersion < row.accessVersion',
      },
    ],
    hunt: storeDrill('an account tells of changed rights'),
  },
  {
    name: 'blocked-logs-in',
    rule: 'an account that was blocked while its password was compared gets no session',
    patches: [{ file: inSessions, search: 'if (owner?.blocked) throw', replace: 'if (!owner) throw' }],
    hunt: storeDrill('a blocked account gets no session'),
  },
  {
    name: 'old-knowledge-believed',
    rule: 'a gateway that does not hear of endings believes nobody',
    patches: [
      {
        file: 'internal/platform/callers/ended-sessions.ts',
        search: 'return age <= goodForMs',
        replace: 'return age >= 0',
      },
    ],
    hunt: drill(
      'internal/platform/callers/ended-sessions.test.ts',
      'without an answer it is soon not current',
    ),
  },
  {
    name: 'link-after-its-time',
    rule: 'a link of a mail is good for its time',
    patches: [
      {
        file: inMailRequest,
        search: 'endedAt === undefined && expiresAt > at',
        replace: 'endedAt === undefined && expiresAt !== at',
      },
    ],
    hunt: storeDrill('one that has expired is neither found nor spent'),
  },
  {
    name: 'expired-key-accepted',
    rule: 'an API key is good until its expiry',
    patches: [
      {
        file: 'internal/user/domain/api-key.ts',
        search: 'expiresAt === undefined || expiresAt > at',
        replace: 'expiresAt === undefined || expiresAt !== at',
      },
    ],
    hunt: drill('internal/user/application/api-keys.test.ts', 'a key that has expired is not found'),
  },
  {
    name: 'last-way-in-unlinked',
    rule: 'nobody unlinks the only way into the account',
    patches: [
      {
        file: 'internal/user/domain/account-identity.ts',
        search: 'account.passwordHash === undefined && identities.length === 1',
        replace: 'account.passwordHash === undefined && identities.length === 0',
      },
    ],
    hunt: storeDrill('of two that are unlinked at once, one stays'),
  },
  {
    name: 'login-code-twice',
    rule: 'the code of a login at a provider is good once',
    patches: [
      {
        file: 'internal/user/infrastructure/prisma-identities.ts',
        search: 'delete from users.login_codes where digest = ${digest} returning user_id::text, expires_at',
        replace: 'select user_id::text, expires_at from users.login_codes where digest = ${digest}',
      },
    ],
    hunt: storeDrill('one of sixteen takes a code'),
  },
]
