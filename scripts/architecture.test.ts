import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'

type Files = Readonly<Record<string, string>>

const lawful: Files = {
  'internal/order/domain/hen.ts': `import './egg.ts'`,
  'internal/order/domain/egg.ts': '',
  'cmd/order/main.ts': `import '../../internal/config/config.ts'\nimport '../../internal/order/open-order-service.ts'`,
  'internal/config/config.ts': `import '../services.ts'`,
  'internal/gen/order/v1/order_pb.ts': '',
  'internal/inventory/catalogue/domain/product.ts': `import '../../stock/domain/stock.ts'`,
  'internal/inventory/stock/domain/stock.ts': '',
  'internal/inventory/stock/infrastructure/stock-sql.ts': `import '../domain/stock.ts'`,
  'internal/services.ts': `import './order/order-service.ts'`,
  'internal/order/order-service.ts': `export const open = () => import('./open-order-service.ts')`,
  'internal/local/postgres.ts': '',
  'internal/platform/money.ts': '',
  'tools/shared/random.ts': `import 'fast-check'\nimport '../../internal/order/infrastructure/prisma-orders.ts'`,
  'internal/platform/log.ts': `import 'pino'`,
  'internal/inventory/infrastructure/prisma-products.ts': '',
  'internal/order/open-order-service.ts': `import './infrastructure/prisma-orders.ts'`,
  'internal/order/domain/order.ts': `import '../../platform/money.ts'`,
  'internal/order/application/place-order.ts': `import '../domain/order.ts'`,
  'internal/order/infrastructure/prisma-orders.ts': `import 'fastify'\nimport '../application/place-order.ts'`,
  'internal/order/testing/in-memory-orders.ts': `import 'tap'`,
  'internal/order/domain/order.test.ts': `import 'tap'\nimport '../testing/in-memory-orders.ts'`,
}

/** A violation of each rule, in a file of its own. */
const unlawful: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['domain-is-pure', 'internal/order/domain/uses-node.ts', `import 'node:crypto'`],
  ['domain-is-pure', 'internal/order/domain/uses-library.ts', `import 'uuid'`],
  [
    'domain-is-pure',
    'internal/order/domain/uses-port.ts',
    `import type {} from '../application/place-order.ts'`,
  ],
  ['domain-is-pure', 'internal/order/domain/logs.ts', `import '../../platform/log.ts'`],
  ['application-knows-no-technology', 'internal/order/application/uses-library.ts', `import 'fastify'`],
  ['application-knows-no-technology', 'internal/order/application/logs.ts', `import '../../platform/log.ts'`],
  [
    'services-are-strangers',
    'internal/order/infrastructure/uses-stranger.ts',
    `import '../../inventory/infrastructure/prisma-products.ts'`,
  ],
  [
    'stock-knows-no-catalogue',
    'internal/inventory/stock/domain/names.ts',
    `import type {} from '../../catalogue/domain/product.ts'`,
  ],
  [
    'the-catalogue-sees-only-the-rules-of-stock',
    'internal/inventory/catalogue/infrastructure/counts.ts',
    `import '../../stock/infrastructure/stock-sql.ts'`,
  ],
  [
    'the-consumer-knows-no-business',
    'internal/consumer/infrastructure/settles.ts',
    `import '../../gen/order/v1/order_pb.ts'`,
  ],
  ['only-processes-know-the-list', 'internal/order/lists-service.ts', `import '../services.ts'`],
  ['platform-knows-no-service', 'internal/platform/uses-service.ts', `import '../order/domain/order.ts'`],
  [
    'settings-are-read-at-the-edge',
    'internal/order/infrastructure/configured.ts',
    `import '../../config/config.ts'`,
  ],
  [
    'services-do-not-start-servers',
    'internal/order/starts-server-service.ts',
    `import '../local/postgres.ts'`,
  ],
  [
    'only-the-composition-root-wires-infrastructure',
    'cmd/order/wires.ts',
    `import '../../internal/order/infrastructure/prisma-orders.ts'`,
  ],
  ['cmd-is-a-leaf', 'internal/order/infrastructure/uses-command.ts', `import '../../../cmd/order/main.ts'`],
  [
    'tools-are-a-leaf',
    'internal/order/infrastructure/uses-tool.ts',
    `import '../../../tools/shared/random.ts'`,
  ],
  ['tools-are-a-leaf', 'cmd/order/uses-tool.ts', `import '../../tools/shared/random.ts'`],
  [
    'no-test-code-in-production',
    'internal/order/infrastructure/fakes.ts',
    `import '../testing/in-memory-orders.ts'`,
  ],
  ['no-cycles', 'internal/order/domain/egg.ts', `import './hen.ts'`],
  ['no-dev-dependency-in-production', 'internal/order/infrastructure/uses-dev.ts', `import 'fast-check'`],
  ['resolvable', 'internal/order/infrastructure/lost.ts', `import './no-such-file.ts'`],
]

void t.test('a lawful tree breaks no rule', async (t) => {
  t.strictSame(await violations(t, lawful), [])
})

void t.test('each rule finds what breaks it', async (t) => {
  const planted = Object.fromEntries(unlawful.map(([, file, text]) => [file, text]))
  const found = await violations(t, { ...lawful, ...planted })
  for (const [rule, file] of unlawful) {
    t.ok(
      found.some((violation) => violation.rule.name === rule && violation.from === file),
      `${rule} in ${file}`,
    )
  }
})

void t.test('every rule has been seen to fail', async (t) => {
  const { default: config } = (await import('../.dependency-cruiser.mjs')) as {
    default: { forbidden: { name: string }[] }
  }
  const seen = new Set(unlawful.map(([rule]) => rule))
  t.strictSame([...seen].sort(), config.forbidden.map(({ name }) => name).sort())
})

type Violation = { readonly rule: { readonly name: string }; readonly from: string }

async function violations(t: Test, files: Files): Promise<readonly Violation[]> {
  const dir = await mkdtemp(path.join(tmpdir(), 'tillstream-architecture-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) {
    await cp(name, path.join(dir, name))
  }
  await symlink(path.resolve('node_modules'), path.join(dir, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true })
    await writeFile(path.join(dir, name), `${text}\nexport {}\n`)
  }
  return cruise(dir)
}

function cruise(dir: string): Promise<readonly Violation[]> {
  const program = path.resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const args = [
    program,
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    'cmd',
    'internal',
    'tools',
  ]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: dir, maxBuffer: 1e8 }, (err, stdout) => {
      if (stdout === '') {
        reject(err ?? new Error('dependency-cruiser said nothing'))
        return
      }
      const report = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } } // dependency-cruiser's format
      resolve(report.summary.violations)
    })
  })
}
