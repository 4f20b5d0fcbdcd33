import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { admin, openOneProcess } from '../../internal/e2e/testing/shop.ts'
import { npmEnv } from '../../scripts/install.mjs'
import { root } from '../../scripts/root.mjs'

const run = promisify(execFile)
/** Without what `npm test` says of this repository, or the package would be installed here. */
const env = Object.fromEntries(
  Object.entries(await npmEnv()).filter(([name]) => !/^npm_(?!config_cache$)/.test(name)),
)
const npm = (cwd: string, ...args: readonly string[]) =>
  run('npm', [...args, '--no-audit', '--no-fund', '--offline'], { cwd, env })

/** What a user of the package writes. A wrong code and a wrong field are errors of its types. */
const typed = `
import { each, isProblem, openShop, type Order } from 'tillstream-sdk'

const shop = openShop({ baseUrl: 'http://localhost', apiKey: 'tsk_x', patience: { repetitions: 1 } })
export async function first(): Promise<string | undefined> {
  try {
    for await (const { name } of each((query) => shop.listProducts({ query }), { category: 'a', limit: 5 })) return name
    const { data }: { data: Order } = await shop.getOrder({ path: { id: 'x' } })
    return data.status
  } catch (err) {
    if (isProblem(err, 'order.not-found')) return err.problem.detail
    // @ts-expect-error nothing has this code
    if (isProblem(err, 'no such code')) return undefined
    // @ts-expect-error a product has no such field
    await shop.createProduct({ body: { name: 'x', category: 'y', prize: 1 } })
    throw err
  }
}
`

const shop = await openOneProcess(t)
await run(process.execPath, ['scripts/sdk.mjs'], { cwd: root })
const project = await mkdtemp(path.join(tmpdir(), 'tillstream-sdk-'))
t.teardown(() => rm(project, { recursive: true }))
await writeFile(path.join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))

t.test('npm pack makes a package that an empty project can install', async (t) => {
  await npm(root, 'pack', './sdk', '--pack-destination', project)
  const [archive = ''] = (await readdir(project)).filter((name) => name.endsWith('.tgz'))
  await npm(project, 'install', `./${archive}`)
  t.same(await readdir(path.join(project, 'node_modules', 'tillstream-sdk')), [
    'README.md',
    'dist',
    'package.json',
  ])
})

t.test('its types know the operations, the fields and the codes', async (t) => {
  await writeFile(path.join(project, 'typed.ts'), typed)
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', 'typed.ts']
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const said = await run(process.execPath, [tsc, ...options], { cwd: project }).catch((err: unknown) => err)
  t.match(said, { stdout: '', stderr: '' })
})

t.test('it works against a running shop', async (t) => {
  await cp(path.join(root, 'sdk/testing/fresh-project.mjs'), path.join(project, 'use.mjs'))
  const settings = {
    ...{ PATH: process.env.PATH, SHOP_URL: shop.url, JWT_SECRET: shop.env.JWT_SECRET },
    ...{ ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password },
  }
  const { stdout } = await run(process.execPath, ['use.mjs'], { cwd: project, env: settings })
  t.same(JSON.parse(stdout), {
    hasTokens: true,
    names: ['one', 'three', 'two'],
    ...{ email: admin.email, isRenewed: true },
    ...{ replayed: 'true', orders: 1 },
    ...{ code: 'order.out-of-stock', status: 409 },
    isOver: true,
  })
})
