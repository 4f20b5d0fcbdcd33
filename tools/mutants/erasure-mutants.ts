import type { Hunt, Mutant } from './mutant.ts'

const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })
const inErasing = 'internal/platform/erasure.ts'
const inPeople = 'internal/order/infrastructure/people.ts'
const inErasures = 'internal/user/infrastructure/prisma-erasures.ts'
const storeDrill = (test: string): Hunt =>
  drill('internal/user/infrastructure/prisma-accounts.int.test.ts', test)
const peopleDrill = (test: string): Hunt => drill('internal/order/infrastructure/people.int.test.ts', test)
const useDrill = (test: string): Hunt => drill('internal/user/application/erase-users.test.ts', test)

/** Rules of the erasure of people. */
export const erasureMutants: readonly Mutant[] = [
  {
    name: 'erasure-confirmed-without-erasing',
    rule: 'a context erases once more before it confirms',
    patches: [
      { file: inErasing, search: 'const done = await erase(userIds)', replace: 'const done = userIds' },
    ],
    hunt: drill(
      'internal/platform/erasure.test.ts',
      'what a late request has stored is erased before it is confirmed',
    ),
  },
  {
    name: 'erasure-confirmed-too-early',
    rule: 'a context is named nobody who may still have a request under way',
    patches: [
      {
        file: 'internal/user/application/erase-users.ts',
        search: 'now().getTime() - settleMs',
        replace: 'now().getTime() - 0 * settleMs',
      },
    ],
    hunt: useDrill('a context is named nobody before all requests of theirs are over'),
  },
  {
    name: 'erased-by-a-stale-password',
    rule: 'a password that was replaced while it was compared erases nobody',
    patches: [
      {
        file: 'internal/user/application/erase-users.ts',
        search: 'if (isOwn && now.passwordHash !== seen) throw wrongPassword()',
        replace: 'void seen',
      },
    ],
    hunt: useDrill('a password that is replaced while it is compared does not erase'),
  },
  {
    name: 'erased-by-an-old-login',
    rule: 'whoever has no password has logged in a moment ago to erase the account',
    patches: [
      {
        file: 'internal/user/domain/erasure.ts',
        search: 'at.getTime() - session.createdAt.getTime() < freshLoginMs',
        replace: 'at.getTime() - session.createdAt.getTime() < 1_000 * freshLoginMs',
      },
    ],
    hunt: useDrill('an account without a password is erased within ten minutes of the login'),
  },
  {
    name: 'erased-without-the-second-factor',
    rule: 'whoever has a second factor erases with a code of it',
    patches: [
      {
        file: 'internal/user/application/erase-users.ts',
        search: '  await deps.proveSecondFactor(account, proof.code, call)\n',
        replace: '  void call\n',
      },
    ],
    hunt: useDrill('a second factor is asked for as well'),
  },
  {
    name: 'admins-erase-each-other',
    rule: 'one admin is always left',
    patches: [
      {
        file: inErasures,
        search: 'return rows.length\n',
        replace: 'return rows.length + 1\n',
      },
    ],
    hunt: storeDrill('of two admins who erase each other at once, one is left'),
  },
  {
    name: 'erased-keeps-an-identity',
    rule: 'nobody comes into an erased account by an identity elsewhere',
    patches: [{ file: inErasures, search: '  await tx.identity.deleteMany(ofThem)\n', replace: '' }],
    hunt: storeDrill('the account keeps its id and nothing of the person'),
  },
  {
    name: 'erasure-unheard',
    rule: 'gateways are told of the sessions of somebody who is erased',
    patches: [
      {
        file: inErasures,
        search: "          await endSessionsOf(tx, id, { reason: 'erased', at: erased.updatedAt }, trace)\n",
        replace: '',
      },
    ],
    hunt: storeDrill('gateways are told of its sessions and of its rights'),
  },
  {
    name: 'confirmed-twice',
    rule: 'a confirmation is told of once',
    patches: [{ file: inErasures, search: 'if (count > 0) await', replace: 'if (count >= 0) await' }],
    hunt: storeDrill('a confirmation counts once'),
  },
  {
    name: 'open-order-loses-its-buyer',
    rule: 'an order that is open keeps its buyer until it has ended',
    patches: [{ file: inPeople, search: ' and not ${isOpen} and ${isTold}', replace: ' and ${isTold}' }],
    hunt: peopleDrill('an order that has not ended keeps its buyer'),
  },
  {
    name: 'open-order-confirmed',
    rule: 'orders are confirmed when nothing of the person is left in any',
    patches: [
      {
        file: inPeople,
        search: 'where user_id = u.id and ${isTold}',
        replace: 'where user_id <> u.id and ${isTold}',
      },
    ],
    hunt: peopleDrill('an order that has not ended keeps its buyer'),
  },
  {
    name: 'written-words-stay',
    rule: 'what a person wrote goes with the person',
    patches: [{ file: inPeople, search: ' or ${hasWords})', replace: ')' }],
    hunt: peopleDrill('what they wrote goes too'),
  },
  {
    name: 'receipt-without-its-buyer',
    rule: 'an order keeps its buyer until its receipt is issued',
    patches: [
      {
        file: inPeople,
        search:
          "  or (not has_receipt and (money_taken or total_minor = 0) and status in ('shipped', 'completed'))\n",
        replace: '',
      },
    ],
    hunt: peopleDrill('one that was revived before keeps its buyer until it is shipped and has its receipt'),
  },
  {
    name: 'erased-order-revived',
    rule: 'late money does not revive an order that can be sent to nobody',
    patches: [
      {
        file: 'internal/order/domain/reviving.ts',
        search: "buyer?.delivery.line1 === ''",
        replace: "buyer?.email === 'x'",
      },
    ],
    hunt: peopleDrill('money that comes for it then revives nothing'),
  },
]
