import { UserService } from '../gen/user/v1/user_pb.ts'
import { defineService } from '../platform/service-definition.ts'
import { isDefaultAdmin } from './domain/known-accounts.ts'
import { contradictionsOf, userSettings } from './user-settings.ts'

export const userService = defineService({
  name: 'user',
  about: 'Accounts, password hashes, sessions, permissions and API keys.',
  schema: 'users',
  contract: UserService,
  needs: {},
  settings: userSettings,
  contradictions: contradictionsOf,
  aggregates: [{ type: 'user', sql: 'select id, 1 as version, created_at, created_at from users.accounts' }],
  reactions: [],
  async open(scope, { log, database, settings, wakeProducer }) {
    const { openUserService } = await import('./open-user-service.ts')
    const { adminEmail: email, adminPassword: password, ...rest } = settings
    const users = await openUserService(scope, { log, database, wakeProducer, ...rest })
    if (password !== '') await users.ensureAccount({ email, password, role: 'admin' })
    if (!isDefaultAdmin({ email, password })) await users.lockKnownAccounts()
    return users
  },
})
