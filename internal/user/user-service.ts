import { UserService } from '../gen/user/v1/user_pb.ts'
import { tokenSecrets } from '../platform/common-settings.ts'
import { grpcSettings } from '../platform/grpc-settings.ts'
import { defineService } from '../platform/service-definition.ts'
import { isDefaultAdmin } from './domain/known-accounts.ts'
import { commonPasswords } from './infrastructure/common-passwords.ts'
import { oidcProvidersOf } from './oidc-settings.ts'
import { contradictionsOf, userSettings } from './user-settings.ts'

const grpc = { variable: 'USER_GRPC_ADDR', usualPort: 50_053 }

export const userService = defineService({
  name: 'user',
  about: 'Accounts, password hashes, sessions, permissions and API keys.',
  schema: 'users',
  contract: UserService,
  needs: {},
  grpc,
  settings: { ...userSettings, ...grpcSettings(grpc) },
  contradictions: (settings, surroundings) => contradictionsOf(settings, surroundings, commonPasswords),
  // Some changes of an account have no event, so its events have a count of their own. It is the account's and not one of
  // each mail request's or session's, because those are forgotten long before the events that told of them.
  aggregates: [
    {
      type: 'user',
      sql: 'select id, event_version, created_at, coalesce(last_event_at, created_at) from users.accounts',
    },
    {
      type: 'sessions',
      sql: 'select id, session_version, created_at, coalesce(last_session_at, created_at) from users.accounts',
    },
  ],
  reactions: [],
  async open(scope, { log, database, settings, wakeProducer }) {
    const { openUserService } = await import('./open-user-service.ts')
    const {
      bcryptCost,
      passwordHash: algorithm,
      sessionDays,
      secondFactorSecret,
      secondFactorSecretPrevious,
      erasureSettleSeconds,
      adminEmail: email,
      adminPassword: password,
    } = settings
    const secrets = tokenSecrets(settings)
    const users = await openUserService(scope, {
      ...{ log, database, sessionDays, secrets, erasureSettleSeconds, wakeProducer },
      ...{ secondFactorSecret, secondFactorSecretPrevious },
      oidcProviders: oidcProvidersOf(settings),
      passwordPolicy: { algorithm, bcryptCost },
    })
    if (password !== '') await users.ensureAccount({ email, password, role: 'admin' })
    if (!isDefaultAdmin({ email, password })) await users.lockKnownAccounts()
    return users
  },
})
