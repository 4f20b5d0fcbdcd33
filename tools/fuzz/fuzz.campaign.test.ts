import t from 'tap'
import { admin, openOneProcess } from '../../internal/e2e/testing/shop.ts'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'

t.test('1,500 requests of all kinds are answered as documented', async (t) => {
  const shop = await openOneProcess(t)
  const env = { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }
  const fuzz = spawnMain(t, 'tools/fuzz', env, [
    '--requests',
    '1500',
    '--seed',
    '4',
    '--url',
    shop.url,
    '--json',
  ])
  t.equal(await fuzz.ended, 0, fuzz.output())
  const line = fuzz
    .output()
    .split('\n')
    .findLast((text) => text.startsWith('{"isWell"'))
  const { statuses } = JSON.parse(line ?? '{}') as { statuses: Record<string, Record<string, number>> }
  const reached = Object.entries(statuses).filter(([, counts]) =>
    Object.keys(counts).some((one) => one.startsWith('2')),
  )
  t.ok(reached.length >= 18, `${reached.length} operations got something done`)
})

for (const wrong of [['--requests', '0'], ['--seed', 'x'], ['--url', 'ftp://x'], ['--hard'], ['now']]) {
  t.test(`${wrong.join(' ')} gets the usage and exit code 2`, async (t) => {
    const fuzz = spawnMain(t, 'tools/fuzz', {}, wrong)
    t.equal(await fuzz.ended, 2)
    t.match(fuzz.output(), /usage: npm run fuzz/)
  })
}
