import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import t from 'tap'
import { anyName } from '../platform/settings.ts'
import { loadConfig, settingsGroups } from './config.ts'
import { problemsOf } from './testing/problems-of.ts'

const dir = t.testdir()
const userSeed = Buffer.from(nkeys.createUser().getSeed()).toString()
let files = 0

async function fileWith(content: string | Buffer): Promise<string> {
  const file = path.join(dir, `secret-${++files}`)
  await writeFile(file, content)
  return file
}

const secrets = settingsGroups().flatMap(({ settings }) =>
  Object.values(settings).filter(({ isSecret }) => isSecret),
)

t.test('every setting that may hold a secret is one', async (t) => {
  const names = secrets.map(({ variable }) => variable)
  for (const name of [
    'JWT_SECRET',
    'ADMIN_PASSWORD',
    'DB_PASSWORD',
    'DATABASE_URL',
    'ORDER_DATABASE_URL',
    'NATS_URL',
  ])
    t.ok(names.includes(name), name)
})

for (const { variable: declared, member, parse: parseOwn } of secrets) {
  const [variable, parse] = member ? [declared.replace(anyName, 'TEST'), member.parse] : [declared, parseOwn]
  t.test(`${variable} may come from a file`, async (t) => {
    const samples = [
      'a secret that is long enough, and strong',
      'postgres://u:p@db/x',
      'nats://u:p@broker:4222',
      'https://u:p@shop.example/webhooks',
      'smtps://u:p@mail.example',
      'redis://u:p@redis:6379',
      userSeed,
    ]
    const value = samples.find((sample) => parse(sample) !== undefined) ?? ''
    t.not(value, '', 'there is a right value to try')
    const needed: Readonly<Record<string, object>> = {
      DB_PASSWORD: { DB_HOST: 'db' },
      OIDC_TEST_CLIENT_SECRET: { OIDC_TEST_ISSUER: 'https://id.example', OIDC_TEST_CLIENT_ID: 'shop' },
      IMAGES_S3_ACCESS_KEY_ID: { IMAGES_S3_SECRET_ACCESS_KEY: 'a key' },
      IMAGES_S3_SECRET_ACCESS_KEY: { IMAGES_S3_ACCESS_KEY_ID: 'its id' },
      STRIPE_SECRET_KEY: { STRIPE_WEBHOOK_SECRET: 'whsec_of_a_test' },
    }
    const beside = needed[variable] ?? {}
    const own = variable === 'ADMIN_PASSWORD' ? { ADMIN_EMAIL: 'me@shop.example' } : {}
    const file = await fileWith(`${value}\n`)
    const snapshot = (env: object) =>
      JSON.stringify(loadConfig({ ...beside, ...own, ...env }), (_name, value: unknown) =>
        value instanceof Map ? [...(value as Map<string, unknown>)] : value,
      )
    t.equal(snapshot({ [`${variable}_FILE`]: file }), snapshot({ [variable]: value }))
    const isPair = variable.startsWith('IMAGES_S3_')
    if (!member && !isPair)
      t.not(snapshot({ [`${variable}_FILE`]: file }), snapshot({}), 'and it makes a difference')
    t.match(problemsOf({ ...beside, ...own, [variable]: value, [`${variable}_FILE`]: file }), [
      `${variable}_FILE must not be set beside ${variable}: set one of the two`,
    ])
  })
}

t.test('a file that cannot be used is named, and nothing of it is shown', async (t) => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['missing', path.join(dir, 'nowhere'), /must name a file that can be read \(ENOENT\)/],
    ['a folder', dir, /must name a file/],
    ['a device', '/dev/zero', /must name a file/],
    ['empty', await fileWith('\n'), /must name a file that holds the value; this one is empty/],
    ['two lines', await fileWith('hunter2 hunter2 hunter2\nhunter2 hunter2\n'), /one line/],
    ['too large', await fileWith('hunter2'.repeat(20_000)), /one line/],
    ['not text', await fileWith(Buffer.from([0xff, 0xfe, ...Buffer.alloc(40, 0x61)])), /UTF-8/],
    ['too short', await fileWith('hunter2'), /^JWT_SECRET must be at least 32 bytes long/],
  ]
  for (const [what, file, expected] of cases) {
    const problems = problemsOf({ JWT_SECRET_FILE: file })
    t.equal(problems.length, 1, what)
    t.match(problems[0], expected, what)
    t.notMatch(problems[0], /hunter2/)
  }
})

t.test('what is told later replaces what a file says', async (t) => {
  const file = await fileWith('postgres://u:p@localhost/file')
  const later = 'postgres://u:p@localhost/later'
  t.match(loadConfig({ DATABASE_URL_FILE: file }).with({ DATABASE_URL: later }), {
    databases: { order: later },
  })
})
