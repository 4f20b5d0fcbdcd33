import { ConfigError, type Config } from '../../internal/config/config.ts'
import { defaultAdmin, isDefaultAdmin } from '../../internal/user/domain/known-accounts.ts'

/** Refuses a start that would give the default admin's password, which everybody knows, to more than this machine. */
export function requireOwnAdmin({ services, common, isExposed }: Config): void {
  const { adminEmail, adminPassword } = services.user ?? {}
  if (adminPassword !== '') return
  const reason =
    common.nodeEnv === 'production'
      ? 'NODE_ENV is production'
      : isExposed
        ? 'HOST is not loopback'
        : adminEmail === defaultAdmin.email
          ? undefined
          : 'ADMIN_EMAIL names an admin of your own'
  if (reason !== undefined) throw new ConfigError([`ADMIN_PASSWORD must be set: ${reason}`])
}

/** True when the stack runs with the default accounts. */
export function hasDefaultAdmin({ services }: Config): boolean {
  const { adminEmail, adminPassword } = services.user ?? {}
  return isDefaultAdmin({ email: String(adminEmail), password: String(adminPassword) })
}
