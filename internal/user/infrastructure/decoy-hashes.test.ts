import t from 'tap'
import { decoyHashes } from './decoy-hashes.ts'
import { decoyOf, kindBy, kindOf } from './password-kind.ts'

const argon2 = kindBy({ algorithm: 'argon2id', bcryptCost: 10 })
const [cheap, usual] = [4, 10].map((bcryptCost) => kindBy({ algorithm: 'bcrypt', bcryptCost })) as [
  string,
  string,
]

t.test('a hash and the decoy of its kind have one kind', async (t) => {
  t.same([cheap, usual, argon2], ['$2b$04$', '$2b$10$', '$argon2id$v=19$m=19456,t=2,p=1$'])
  for (const kind of [cheap, usual, argon2]) t.equal(kindOf(decoyOf(kind)), kind)
  t.equal(kindOf('nobody logs in here'), undefined)
})

t.test('with its own hash, each login is compared with one of each kind', async (t) => {
  const others = decoyHashes({ today: argon2, storedKinds: async () => [usual, argon2] })
  const kinds = async (hash?: string) => (await others(hash)).map(kindOf).sort()
  t.same(await kinds(), [usual, argon2].sort())
  t.same(await kinds(decoyOf(usual)), [argon2])
  t.same(await kinds(decoyOf(argon2)), [usual])
  t.same(await kinds('nobody logs in here'), [usual, argon2].sort())
})

t.test('the kinds are looked for once in an hour, and again when they could not be read', async (t) => {
  let [looks, atMs, isAway] = [0, 0, true]
  const storedKinds = async () => {
    looks++
    if (isAway) throw new Error('away')
    return [usual]
  }
  const others = decoyHashes({ today: usual, storedKinds, nowMs: () => atMs })
  await t.rejects(others(undefined), { message: 'away' })
  isAway = false
  for (const at of [0, 3_599_999, 3_600_000]) {
    atMs = at
    t.equal((await others(undefined)).length, 1)
  }
  t.equal(looks, 3)
})
