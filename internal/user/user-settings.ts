import { jwtSecretPreviousSetting, jwtSecretSetting } from '../platform/common-settings.ts'
import { Refusal } from '../platform/refusal.ts'
import { integer, oneOf, parsed, secret } from '../platform/settings.ts'
import type { ValuesOf } from '../platform/settings.ts'
import type { Surroundings } from '../platform/service-definition.ts'
import { defaultAdmin, isDefaultAdmin, isKnownPassword } from './domain/known-accounts.ts'
import { parseEmail } from './domain/login.ts'
import { parsePassword, refuseGuessable, type IsCommon } from './domain/password.ts'
import { oidcContradictions, oidcSettings } from './oidc-settings.ts'

export const userSettings = {
  bcryptCost: integer(
    'BCRYPT_COST',
    10,
    { min: 4, max: 15 },
    'The cost of hashing a password with bcrypt. Each step doubles the time.',
  ),
  passwordHash: oneOf(
    'PASSWORD_HASH',
    ['bcrypt', 'argon2id'],
    'bcrypt',
    'The algorithm that hashes passwords. After it or its cost has changed, each password is hashed anew at its next login.',
  ),
  ...oidcSettings,
  sessionDays: integer(
    'SESSION_DAYS',
    30,
    { min: 1, max: 3_650 },
    'How many days a login lasts after it was last used.',
  ),
  jwtSecret: jwtSecretSetting,
  jwtSecretPrevious: jwtSecretPreviousSetting,
  secondFactorSecret: secret(
    'SECOND_FACTOR_SECRET',
    { minBytes: 32 },
    'The secret from which the key follows that encrypts the secrets of second factors. Empty: `npm start` makes one and keeps it in DATA_DIR; a user service in a process of its own keeps no second factors. Whoever loses it has to have all of them set up again.',
  ),
  secondFactorSecretPrevious: secret(
    'SECOND_FACTOR_SECRET_PREVIOUS',
    { minBytes: 32 },
    'The secret that SECOND_FACTOR_SECRET has replaced. What it has encrypted is still read, and encrypted anew when its owner shows a good code. Without it, those whose secret it has encrypted have their recovery codes only.',
  ),
  erasureSettleSeconds: integer(
    'ERASURE_SETTLE_SECONDS',
    60,
    { min: 0, max: 600 },
    'The services erase a person at once, and once more so many seconds later, when no request of the person can be under way any more. Only that counts as done.',
  ),
  adminEmail: parsed(
    'ADMIN_EMAIL',
    { fallback: defaultAdmin.email, expected: 'an e-mail address', parse: parseEmail },
    'The e-mail address of the admin account that ADMIN_PASSWORD creates.',
  ),
  adminPassword: {
    ...parsed(
      'ADMIN_PASSWORD',
      { fallback: '', expected: 'a password that a user may have', parse: parsePassword },
      'The password of the admin account, which is created if it is missing. At every start it gets this password and the role again, and if either was different, its sessions end: change the setting whenever you change the password. Empty: `npm start` uses admin-password, which works on loopback outside production only; a user service in a process of its own creates no admin. With another one the default accounts are locked.',
    ),
    isSecret: true,
  },
} as const

/** What is wrong with these settings together. */
export function contradictionsOf(
  settings: ValuesOf<typeof userSettings>,
  { isExposed }: Surroundings,
  commonPasswords: () => IsCommon,
): readonly string[] {
  return [...adminContradictions(settings, isExposed, commonPasswords), ...oidcContradictions(settings)]
}

/** A password that everybody knows opens the default admin's account only, and only where nobody else gets. */
function adminContradictions(
  { adminEmail: email, adminPassword: password }: ValuesOf<typeof userSettings>,
  isExposed: boolean,
  commonPasswords: () => IsCommon,
): readonly string[] {
  const everybodyKnows = 'ADMIN_PASSWORD must be a password of your own: everybody knows this one'
  if (!isKnownPassword(password)) return password === '' ? [] : guessable(password, email, commonPasswords())
  if (isExposed) return [`${everybodyKnows}, and NODE_ENV is production or HOST is not loopback`]
  return isDefaultAdmin({ email, password }) ? [] : [everybodyKnows]
}

/** The account that is made of it would be refused, after all servers have been started. */
function guessable(password: string, email: string, isCommon: IsCommon): readonly string[] {
  try {
    refuseGuessable(parsePassword(password), { email }, isCommon)
    return []
  } catch (err) {
    if (err instanceof Refusal) return [`ADMIN_PASSWORD: ${err.message}`]
    throw err
  }
}
