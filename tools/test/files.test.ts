import t from 'tap'
import { testFiles } from './files.mjs'

const plain = `import t from 'tap'\n`

t.test('a run takes the files of its kind, and others by their whole name', async (t) => {
  const root = t.testdir({
    cmd: { 'a.test.ts': plain },
    internal: {
      shop: {
        'b.e2e.test.ts': plain,
        'c.int.test.ts': plain,
        'd.campaign.test.ts': `// With the machine to itself: it measures.\n${plain}`,
        'e.test.ts': `// In a process of its own: it changes process.env.\n${plain}`,
        'f.ts': plain,
      },
    },
  })
  const named = async (wanted: readonly string[], options = {}) => {
    const { chosen, isWhole } = await testFiles(root, wanted, options)
    return [chosen.map(({ name }: { name: string }) => name.replace(/^.*\//, '')).join(' '), isWhole]
  }
  const campaigns = { campaigns: true }
  t.same(await named([]), ['b.e2e.test.ts c.int.test.ts a.test.ts e.test.ts', true])
  t.same(await named([], campaigns), ['d.campaign.test.ts', true])
  t.same(await named(['internal/shop']), ['b.e2e.test.ts c.int.test.ts e.test.ts', false])
  t.same(await named(['internal/shop'], campaigns), ['d.campaign.test.ts', true])
  t.same(await named(['internal/shop/d.campaign.test.ts', 'cmd']), ['d.campaign.test.ts a.test.ts', false])
  t.same(await named(['internal/shop/x']), ['', false])

  const { chosen } = await testFiles(root, [])
  const sharing = chosen.filter(({ isAlone }: { isAlone: boolean }) => !isAlone)
  t.match(
    sharing,
    [{ name: 'cmd/a.test.ts', needsServers: false }],
    'one says that it wants a process of its own',
  )
  t.equal(sharing.length, 1)
  const measuring = (await testFiles(root, [], campaigns)).chosen
  t.match(measuring, [{ name: 'internal/shop/d.campaign.test.ts', hasMachine: true }])
  t.notOk(chosen.some(({ hasMachine }: { hasMachine: boolean }) => hasMachine))
})
