import type { Hunt, Mutant } from './mutant.ts'

const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })
const inFactor = 'internal/user/domain/second-factor.ts'
const factorDrills = 'internal/user/application/second-factors.test.ts'
const logEndDrills = 'internal/producer/infrastructure/remove-old-activity.int.test.ts'
const inCall = 'internal/platform/call.ts'
const permissionDrills = 'internal/platform/permissions.test.ts'

/** Rules of staff: their permissions, their second factors, keys, and the log of what they do. */
export const staffMutants: readonly Mutant[] = [
  {
    name: 'log-forgets',
    rule: 'what staff do is in the log',
    patches: [
      { file: 'internal/platform/activity.ts', search: '  if (!by) return\n', replace: '  if (by) return\n' },
    ],
    hunt: drill('internal/payment/staff-drills.int.test.ts', 'captures and voids of staff are in the log'),
  },
  {
    name: 'log-loses-young-entries',
    rule: 'whatever the producer asks for, the log of who did what keeps the last 30 days',
    patches: [
      {
        file: 'prisma/producer/migrations/20261129190000_activity_end/migration.sql',
        search: "least(older_than, now() - interval '30 days')",
        replace: 'older_than',
      },
    ],
    hunt: drill(logEndDrills, 'what is younger than 30 days stays, whatever is asked for'),
  },
  {
    name: 'log-waits-for-a-lock',
    rule: 'the removal of old entries of the log waits for nobody',
    patches: [
      {
        file: 'prisma/producer/migrations/20261129190000_activity_end/migration.sql',
        search: ' FOR UPDATE SKIP LOCKED',
        replace: '',
      },
    ],
    hunt: drill(logEndDrills, 'an entry that somebody holds is left, and nobody waits for it'),
  },
  {
    name: 'second-factor-of-yesterday-kept',
    rule: 'a good code encrypts anew what a previous secret has encrypted',
    patches: [
      {
        file: 'internal/user/application/second-factors.ts',
        search: 'codes.sealedAnew(sealedSecret, id)',
        replace: 'sealedSecret',
      },
    ],
    hunt: drill(
      'internal/user/application/second-factors.test.ts',
      'after a new secret, a good code encrypts anew what the previous one has encrypted',
    ),
  },
  {
    name: 'second-factor-of-yesterday-lost',
    rule: 'what a previous secret has encrypted is still read',
    patches: [
      {
        file: 'internal/user/infrastructure/totp-codes.ts',
        search: '[key, keyOf(previousSecret)]',
        replace: '[key]',
      },
    ],
    hunt: drill(
      'internal/user/infrastructure/totp-codes.test.ts',
      'what a previous secret has sealed is read, and sealed anew by the one of today',
    ),
  },
  {
    name: 'guest-becomes-a-service',
    rule: "between processes a guest's order token is nobody but that guest",
    patches: [
      {
        file: 'internal/platform/rpc.ts',
        search: "return actor.kind === 'buyer' ? `buyer:${actor.orderId}` : 'system'",
        replace: "return 'system'",
      },
    ],
    hunt: drill('internal/platform/rpc.int.test.ts', 'who asks, and on whose behalf, travels with the call'),
  },
  {
    name: 'staff-may-everything',
    rule: 'staff may what they were given',
    patches: [{ file: inCall, search: 'actor.permissions?.includes(permission) ?? false', replace: 'true' }],
    hunt: drill(permissionDrills, 'admins and our own processes may everything, others what they were given'),
  },
  {
    name: 'key-outlives-its-end',
    rule: 'gateways are told of a key that was deleted',
    patches: [
      {
        file: 'internal/user/infrastructure/prisma-api-keys.ts',
        search: '        await tellEnded(tx, id)\n',
        replace: '',
      },
    ],
    hunt: drill(
      'internal/user/infrastructure/prisma-accounts.int.test.ts',
      'a key that is removed by eight at once is gone, and told of once',
    ),
  },
  {
    name: 'rights-of-before',
    rule: 'who has set up a second factor, or given one up, gets other tokens',
    patches: [
      {
        file: 'internal/user/domain/account.ts',
        search: 'const state = { ...account, ...versions, secondFactor, updatedAt: at }',
        replace: 'const state = { ...account, version: versions.version, secondFactor, updatedAt: at }',
      },
    ],
    hunt: drill(factorDrills, 'nobody is asked for a code before it is confirmed, and everybody afterwards'),
  },
  {
    name: 'code-twice',
    rule: 'a code of the app is good once',
    patches: [{ file: inFactor, search: 'step > factor.lastStep', replace: 'step > 0' }],
    hunt: drill(factorDrills, 'a code opens once: replayed, raced, and the one it was confirmed with'),
  },
  {
    name: 'recovery-code-twice',
    rule: 'a recovery code is good once',
    patches: [
      {
        file: inFactor,
        search: 'factor.recoveryHashes.filter((each) => each !== hash)',
        replace: '[...factor.recoveryHashes]',
      },
    ],
    hunt: drill(factorDrills, 'a recovery code opens once'),
  },
  {
    name: 'codes-guessed',
    rule: 'after ten wrong codes none is looked at for a while',
    patches: [{ file: inFactor, search: 'wrong.count >= mostWrong', replace: 'wrong.count < 0' }],
    hunt: drill(factorDrills, 'whoever guesses is stopped'),
  },
  {
    name: 'gateways-count-apart',
    rule: 'what one gateway has let through counts at the others',
    patches: [
      {
        file: 'internal/gateway/together/shared-windows.ts',
        search: 'if (keptOf) for (const told of counts) keptOf().learn(told)',
        replace: 'if (keptOf) void counts',
      },
    ],
    hunt: drill('internal/gateway/testing/fake-bus.test.ts', 'what one gateway has counted'),
  },
  {
    name: 'cut-off-counts-are-lost',
    rule: 'what was counted while nobody heard is told when somebody does',
    patches: [
      {
        file: 'internal/gateway/together/shared-windows.ts',
        search: '      if (!isOver && !bus.isConnected()) continue\n',
        replace: '',
      },
    ],
    hunt: drill('internal/gateway/together/shared-windows.test.ts', 'what was counted while nobody heard'),
  },
]
