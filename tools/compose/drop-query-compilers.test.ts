import { readdirSync } from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { execute } from '../../internal/local/system.ts'

const script = 'deploy/drop-query-compilers.mjs'
const used = ['query_compiler_small_bg.postgresql.mjs', 'query_compiler_small_bg.postgresql.wasm-base64.mjs']
const unused = ['query_compiler_fast_bg.postgresql.mjs', 'query_compiler_small_bg.mysql.wasm-base64.js']

t.test(
  'the image keeps the query compilers that a generated client imports, and nothing else goes',
  async (t) => {
    const { dir, left } = imageOf(t, used)
    await execute(process.execPath, [script, path.join(dir, 'dist'), path.join(dir, 'node_modules')])
    t.same(left(), ['client.mjs', ...used])
  },
)

for (const [what, imported] of [
  ['none is imported', []],
  ['one is imported under a name that is not there', [...used, 'query_compiler_tiny_bg.postgresql.mjs']],
] as const) {
  t.test(`nothing goes and the build ends when ${what}`, async (t) => {
    const { dir, left } = imageOf(t, imported)
    const drop = execute(process.execPath, [script, path.join(dir, 'dist'), path.join(dir, 'node_modules')])
    await t.rejects(drop, /the query compilers in use cannot be told/)
    t.equal(left().length, 1 + used.length + unused.length)
  })
}

/** As the build leaves it, with a client that imports these. */
function imageOf(t: Test, imported: readonly string[]) {
  const client = imported.map((name) => `await import("@prisma/client/runtime/${name}");\n`).join('')
  const runtime = Object.fromEntries(['client.mjs', ...used, ...unused].map((name) => [name, '']))
  const dir = t.testdir({
    dist: { internal: { order: { infrastructure: { db: { 'class.js': client } } } } },
    node_modules: { '@prisma': { client: { runtime } } },
  })
  const left = () => readdirSync(path.join(dir, 'node_modules/@prisma/client/runtime')).sort()
  return { dir, left }
}
