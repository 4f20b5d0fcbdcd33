import { UserService } from '../gen/user/v1/user_pb.ts'
import { defineService } from '../platform/service-definition.ts'
import { integer, secret, text } from '../platform/settings.ts'

export const userService = defineService({
  name: 'user',
  about: 'Accounts and password hashes.',
  schema: 'users',
  contract: UserService,
  needs: {},
  settings: {
    bcryptCost: integer(
      'BCRYPT_COST',
      10,
      { min: 4, max: 15 },
      'The cost of hashing a password with bcrypt. Each step doubles the time.',
    ),
    adminEmail: text(
      'ADMIN_EMAIL',
      'admin@example.com',
      'The e-mail address of the admin account that ADMIN_PASSWORD creates.',
    ),
    adminPassword: secret(
      'ADMIN_PASSWORD',
      { minBytes: 1 },
      'The password of the admin account, which is created if it is missing. Empty: `npm start` uses admin-password; a user service in a process of its own creates no admin.',
    ),
  },
  aggregates: [{ type: 'user', sql: 'select id, 1 as version, created_at, created_at from users.accounts' }],
  reactions: [],
  async open(scope, { log, database, settings, wakeProducer }) {
    const { openUserService } = await import('./open-user-service.ts')
    const { bcryptCost, adminEmail, adminPassword } = settings
    const users = await openUserService(scope, { log, database, bcryptCost, wakeProducer })
    if (adminPassword !== '')
      await users.ensureAccount({ email: adminEmail, password: adminPassword, role: 'admin' })
    return users
  },
})
