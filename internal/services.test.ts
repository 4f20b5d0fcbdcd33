import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { services } from './services.ts'

t.test('whoever is needed comes before those who need it', async (t) => {
  const before = new Set<string>()
  for (const { name, needs } of services) {
    for (const needed of Object.keys(needs)) t.ok(before.has(needed), `${name} needs ${needed}`)
    before.add(name)
  }
  t.equal(before.size, services.length, 'each has a name of its own')
})

t.test('each has a process, and one that stores something has a schema', async (t) => {
  for (const { name, schema } of services) {
    t.match(await readFile(`cmd/${name}/main.ts`, 'utf8'), `await runService('${name}')`)
    t.equal(existsSync(`prisma/${name}/schema.prisma`), schema !== undefined, name)
  }
})

t.test('reactions have names of their own, because durable consumers are named after them', async (t) => {
  const names = services.flatMap(({ reactions }) => reactions.map(({ name }) => name))
  t.equal(new Set(names).size, names.length)
})
