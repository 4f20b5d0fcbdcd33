import { readFile } from 'node:fs/promises'
import t from 'tap'
import { permissions } from './permissions.ts'

t.test('the guide names all of them', async (t) => {
  const guide = await readFile(new URL('../../docs/accounts.md', import.meta.url), 'utf8')
  for (const permission of permissions) t.ok(guide.includes(`\`${permission}\``), permission)
})
