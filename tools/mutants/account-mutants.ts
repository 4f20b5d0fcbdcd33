import type { Mutant } from './mutant.ts'

const inMailRequests = 'internal/user/infrastructure/prisma-mail-requests.ts'
const inAccounts = 'internal/user/infrastructure/prisma-accounts.ts'
const inIdentity = 'internal/user/domain/account-identity.ts'
const inLogin = 'internal/user/application/identity-login.ts'
const mailDrills = 'internal/user/mailed-links.int.test.ts'
const storeDrills = 'internal/user/infrastructure/prisma-accounts.int.test.ts'
const identityDrills = 'internal/user/identities.int.test.ts'

/** Rules of who gets into an account. */
export const accountMutants: readonly Mutant[] = [
  {
    name: 'link-used-twice',
    rule: 'a link of a mail is good once',
    patches: [
      {
        file: inMailRequests,
        search: 'if (!row || !isOpen(fromRow(row), at)) return undefined',
        replace: 'if (!row) return undefined',
      },
    ],
    hunt: { by: 'drill', file: mailDrills, test: 'one of sixteen who use a link at once' },
  },
  {
    name: 'reset-outlives-password',
    rule: 'a changed password ends the resets of its account',
    patches: [
      {
        file: inAccounts,
        search: "    await endMailRequests(tx, id, ends.at, 'password-reset')\n",
        replace: '',
      },
    ],
    hunt: { by: 'drill', file: storeDrills, test: 'what ends the sessions of an account ends its resets' },
  },
  {
    name: 'address-of-the-erased',
    rule: 'nothing is saved for somebody who was erased',
    patches: [
      {
        file: 'internal/user/infrastructure/prisma-address-books.ts',
        search: 'where id = ${userId}::uuid and erased_at is null for update',
        replace: 'where id = ${userId}::uuid for update',
      },
    ],
    hunt: { by: 'drill', file: storeDrills, test: 'nothing is saved for somebody' },
  },
  {
    name: 'link-keeps-a-stranger',
    rule: 'whoever registered an address that nobody has verified is out when its owner comes',
    patches: [
      {
        file: inIdentity,
        search: 'passwordHash: isTheirs ? account.passwordHash : undefined',
        replace: 'passwordHash: account.passwordHash',
      },
    ],
    hunt: { by: 'drill', file: identityDrills, test: 'whoever registered an address before its owner' },
  },
  {
    name: 'state-of-anybody',
    rule: 'a login is finished with the state of its own attempt',
    patches: [
      {
        file: inLogin,
        search: "if (!isOurs || new URL(url).searchParams.get('state') !== attempt.state) throw badAttempt()",
        replace: 'if (!isOurs) throw badAttempt()',
      },
    ],
    hunt: { by: 'drill', file: identityDrills, test: 'by the browser that has begun it' },
  },
]
