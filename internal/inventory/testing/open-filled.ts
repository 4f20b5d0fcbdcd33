import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { Test } from 'tap'
import { migrate } from '../../migrate/migrate.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { storingServices } from '../../services.ts'
import { newProductId } from './fixtures.ts'
import { openPrismaStores } from './open-prisma-stores.ts'

/** A product as the version before writes it. */
export type ProductBefore = readonly [sku: string, name: string, category: string]

/** A database as the version before these migrations has left it, with products, that was migrated then. */
export async function openFilled(t: Test, migrations: readonly string[], products: readonly ProductBefore[]) {
  const { url: sibling } = await testDatabase(t)
  const url = new URL(sibling)
  url.pathname = `${url.pathname}_before`
  const before = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'before-'))
  t.teardown(() => rm(before, { recursive: true, force: true }))
  const isNew = (source: string): boolean => migrations.includes(path.basename(source))
  await cp('prisma', before, { recursive: true, filter: (source) => !isNew(source) })
  const databases = Object.fromEntries(storingServices.map((service) => [service, url.href]))
  await migrate({ databases, prismaDir: before })
  const client = new pg.Client({ connectionString: url.href })
  t.teardown(async () => {
    await client.end()
    const admin = new pg.Client({ connectionString: sibling })
    await admin.connect()
    await admin.query(`DROP DATABASE IF EXISTS "${url.pathname.slice(1)}" WITH (FORCE)`)
    await admin.end()
  })
  await client.connect()
  const insert = async ([sku, name, category]: ProductBefore): Promise<void> => {
    const id = newProductId()
    await client.query(insertBefore, [id, sku, name, category])
    await client.query('insert into inventory.stock (product_id, available) values ($1, 5)', [id])
  }
  for (const product of products) await insert(product)
  const applied = await migrate({ databases, prismaDir: 'prisma' })
  t.strictSame(
    applied,
    migrations.map((migration) => ({ service: 'inventory', migration })),
  )
  return { client, insert, stores: openPrismaStores(t, url.href) }
}

const insertBefore = `insert into inventory.products
  (id, sku, name, category, description, images, price_minor, currency, version, created_at, updated_at)
  values ($1, $2, $3, $4, '', '{}', 100, 'USD', 1, now(), now())`
