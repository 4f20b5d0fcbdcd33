import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { UserService } from '../gen/user/v1/user_pb.ts'
import { systemCall, traceOf } from '../platform/call.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { openDatabase, type DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import type { Scope } from '../platform/run.ts'
import type { Handlers, Health } from '../platform/service.ts'
import { addressUses } from './application/address-books.ts'
import { startSession } from './application/begin-session.ts'
import { changePassword } from './application/change-password.ts'
import { erasureUses } from './application/erase-users.ts'
import { ensureAccount, type WantedAccount } from './application/ensure-account.ts'
import { lockKnownAccounts } from './application/lock-known-accounts.ts'
import { logIn } from './application/log-in.ts'
import { registerUser } from './application/register-user.ts'
import { rehashPassword } from './application/rehash-password.ts'
import { passSecondFactor, proveSecondFactor } from './application/second-factors.ts'
import type { UserId } from './domain/account.ts'
import type { AddressId } from './domain/address-book.ts'
import type { IdentityId } from './domain/identity.ts'
import type { ApiKeyId } from './domain/api-key.ts'
import type { MailRequestId } from './domain/mail-request.ts'
import { parsePassword, type Password } from './domain/password.ts'
import type { SessionId } from './domain/session.ts'
import { accessTokens } from './infrastructure/access-token-rpc.ts'
import { commonPasswords } from './infrastructure/common-passwords.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { decoyHashes } from './infrastructure/decoy-hashes.ts'
import { forgetOld } from './infrastructure/forget-old.ts'
import { mailTokens } from './infrastructure/mail-tokens.ts'
import { openidProvider } from './infrastructure/openid-providers.ts'
import { kindBy, type PasswordPolicy } from './infrastructure/password-kind.ts'
import { piscinaPasswords } from './infrastructure/piscina-passwords.ts'
import { prismaAccounts } from './infrastructure/prisma-accounts.ts'
import { prismaAddressBooks } from './infrastructure/prisma-address-books.ts'
import { prismaErasures } from './infrastructure/prisma-erasures.ts'
import { hashOf, newSecret, prismaApiKeys } from './infrastructure/prisma-api-keys.ts'
import { totpCodes } from './infrastructure/totp-codes.ts'
import { prismaIdentities, prismaLoginCodes } from './infrastructure/prisma-identities.ts'
import { prismaMailRequests } from './infrastructure/prisma-mail-requests.ts'
import { prismaSessions } from './infrastructure/prisma-sessions.ts'
import { workLater } from './infrastructure/work-later.ts'
import { randomCodes } from './infrastructure/random-codes.ts'
import { sealedAttempts } from './infrastructure/sealed-attempts.ts'
import { userRpc } from './infrastructure/user-rpc.ts'
import type { OidcProviderSettings } from './oidc-settings.ts'
import {
  accountUses,
  apiKeyUses,
  identityUses,
  mailUses,
  secondFactorUses,
  sessionUses,
} from './application/use-cases.ts'

export type UserServiceOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly passwordPolicy: PasswordPolicy
  /** So long a session lives without being used. */
  readonly sessionDays: number
  readonly oidcProviders?: readonly OidcProviderSettings[]
  /** The first one signs the tokens of mails; those of the others are read as well. */
  readonly secrets: readonly string[]
  /** Encrypts the secrets of second factors; empty: nobody can set one up. */
  readonly secondFactorSecret: string
  /** What this one has encrypted is still read; empty: there was none before. */
  readonly secondFactorSecretPrevious?: string
  /** Contexts confirm an erasure so long after it at the earliest. */
  readonly erasureSettleSeconds?: number
  readonly wakeProducer: WakeProducer
}

export type OpenUserService = {
  readonly handlers: Handlers<typeof UserService>
  readonly health: Health
  /** Creates the account, or gives it this password and role. Returns its id. */
  readonly ensureAccount: (wanted: WantedAccount) => Promise<string>
  /** Locks the default accounts that have the passwords that everybody knows. */
  readonly lockKnownAccounts: () => Promise<void>
}

/** Wires the user service. Only this function knows which adapter implements which port. */
export async function openUserService(scope: Scope, options: UserServiceOptions): Promise<OpenUserService> {
  const { log, database, passwordPolicy, sessionDays, secrets, wakeProducer } = options
  const db = new PrismaClient({ adapter: openDatabase(scope, log, database) })
  scope.onClose('user prisma', () => db.$disconnect())
  const accounts = prismaAccounts(db, wakeProducer)
  const passwords = piscinaPasswords(scope, passwordPolicy)
  const isCommon = commonPasswords()
  // An algorithm that does not work here stops the start, and not the first login.
  await passwords.hash(newPassword())
  const otherDecoys = decoyHashes({ today: kindBy(passwordPolicy), storedKinds: accounts.hashKinds })
  const rehash = rehashPassword({ accounts, passwords, later: workLater(scope, log) })
  const ensure = ensureAccount({ accounts, passwords, isCommon, newUserId, now })
  const lock = lockKnownAccounts({ accounts, passwords, newPassword, now })
  const sessions = prismaSessions(db, wakeProducer)
  const keeping = { sessions, accounts, sessionDays, now, newSessionId: () => newId() as SessionId }
  const codes = totpCodes(options.secondFactorSecret, options.secondFactorSecretPrevious)
  const second = { accounts, codes, now }
  const keys = {
    ...{ apiKeys: prismaApiKeys(db, wakeProducer), newSecret, hashOf, now },
    newKeyId: () => newId() as ApiKeyId,
  }
  const erasures = prismaErasures(db, wakeProducer)
  const erasing = {
    ...{ erasures, accounts, passwords, sessions, now, proveSecondFactor: proveSecondFactor(second) },
    settleMs: (options.erasureSettleSeconds ?? 60) * 1_000,
  }
  const mailRequests = prismaMailRequests(db, wakeProducer)
  const mailing = {
    ...{ accounts, mailRequests, mailTokens: mailTokens(secrets), passwords, isCommon, now },
    ...{ newMailRequestId: () => newId() as MailRequestId, wait: sleep, later: workLater(scope, log) },
  }
  const loginCodes = prismaLoginCodes(db)
  const identities = prismaIdentities(db, wakeProducer)
  const entering = { ...entrance(options), accounts, identities, loginCodes, now }
  forgetOld(scope, log, { sessions, mailRequests, loginCodes })
  const handlers = userRpc({
    startSession: startSession({
      ...{ ...keeping, logIn: logIn({ accounts, passwords, otherDecoys, rehash }) },
      passSecondFactor: passSecondFactor(second),
    }),
    ...{ ...sessionUses(keeping), ...accessTokens(secrets) },
    ...identityUses({ ...keeping, ...entering, passSecondFactor: passSecondFactor(second) }),
    ...mailUses(mailing),
    ...secondFactorUses(second),
    ...apiKeyUses(keys),
    changePassword: changePassword({ accounts, passwords, isCommon, now }),
    registerUser: registerUser({ ...mailing, newUserId }),
    ...accountUses({ accounts, now }),
    ...erasureUses(erasing),
    ...addressUses({ addressBooks: prismaAddressBooks(db), newAddressId: () => newId() as AddressId, now }),
  })
  return {
    handlers,
    health: databaseHealth('user', () => db.$queryRawUnsafe('select 1')),
    ensureAccount: async (wanted) => (await ensure(wanted, traceOf(systemCall(newId())))).id,
    async lockKnownAccounts() {
      for (const account of await lock(traceOf(systemCall(newId()))))
        log.warn({ account }, 'a default account was locked, because everybody knows its password')
    },
  }
}

/** How somebody comes in by a provider. */
const entrance = ({ oidcProviders = [], secrets }: UserServiceOptions) => ({
  ...{ providers: oidcProviders.map(openidProvider), seals: sealedAttempts(secrets), ...randomCodes },
  ...{ newUserId, newIdentityId: () => newId() as IdentityId },
})

const now = (): Date => new Date()
const newUserId = (): UserId => newId() as UserId
const newPassword = (): Password => parsePassword(randomBytes(32).toString('base64url'))
