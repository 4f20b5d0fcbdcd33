import { retryContention } from '../../../platform/database.ts'
import { claimKey } from '../../../platform/idempotency-keys.ts'
import type { WakeProducer } from '../../../platform/outbox.ts'
import type { PoolSql } from '../../../platform/pool-sql.ts'
import type { ImageId } from '../../domain/ids.ts'
import { productNotFound } from '../../domain/product-not-found.ts'
import type { ProductImages } from '../application/product-images.ts'
import type { ListedProduct } from '../application/products.ts'
import { notReserved } from '../domain/images.ts'
import type { UploadedImage } from '../domain/uploaded-image.ts'
import { updateLocked } from './write-products.ts'

export function postgresImages(sql: PoolSql, wakeProducer: WakeProducer): ProductImages {
  const update = async (
    work: Parameters<typeof sql.transaction<ListedProduct>>[0],
  ): Promise<ListedProduct> => {
    const updated = await retryContention(() => sql.transaction(work))
    wakeProducer()
    return updated
  }
  return {
    async reserve(productId, { id, alt, width, height, bytes }, judge, at) {
      await sql.transaction(async (tx) => {
        await tx.$queryRawUnsafe(oneAtATimeSql)
        const [used] = await tx.$queryRawUnsafe<Used[]>(usedSql, productId)
        if (!used?.lives) throw productNotFound()
        judge({ ofProduct: Number(used.of_product), bytesInAll: Number(used.bytes_in_all) })
        await tx.$executeRawUnsafe(reserveSql, id, productId, alt, width, height, bytes, at)
      })
    },
    show: (productId, imageId, decide, trace, once) =>
      update(async (tx) => {
        await claimKey(tx, 'inventory', once, productId)
        const [image] = await tx.$queryRawUnsafe<UploadedImage[]>(reservedSql, imageId, productId)
        if (!image) throw notReserved()
        return updateLocked(tx, productId, (product) => decide(product, image), trace)
      }),
    remove: (productId, decide, trace) => update((tx) => updateLocked(tx, productId, decide, trace)),
    async expire(before) {
      await sql.$executeRawUnsafe(expireSql, before)
    },
    async findRemoved() {
      const rows = await sql.$queryRawUnsafe<{ readonly id: ImageId }[]>(removedSql)
      return rows.map(({ id }) => id)
    },
    async forget(ids) {
      await sql.$executeRawUnsafe(forgetSql, ids)
    },
    async known(ids) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: ImageId }[]>(knownSql, ids)
      return new Set(rows.map(({ id }) => id))
    },
  }
}

/** Whoever reserves sees what everybody before has reserved. */
const oneAtATimeSql = "select count(pg_advisory_xact_lock(hashtextextended('inventory.product_images', 0)))"

type Used = { readonly lives: boolean; readonly of_product: bigint; readonly bytes_in_all: bigint }

const usedSql = `select
  exists (select from inventory.products where id = $1::uuid and deleted_at is null) as lives,
  (select count(*) from inventory.product_images where product_id = $1::uuid and state <> 'removed') as of_product,
  (select coalesce(sum(bytes), 0)::bigint from inventory.product_images) as bytes_in_all`

const reserveSql = `insert into inventory.product_images
    (id, product_id, state, alt, width, height, bytes, created_at, updated_at)
  values ($1::uuid, $2::uuid, 'reserved', $3, $4::int, $5::int, $6::int, $7::timestamptz, $7::timestamptz)`

const reservedSql = `select id, alt, width, height from inventory.product_images
  where id = $1::uuid and product_id = $2::uuid and state = 'reserved' for update`

const expireSql = `update inventory.product_images set state = 'removed', updated_at = now()
  where state = 'reserved' and created_at < $1::timestamptz`

const removedAtOnce = 100

const removedSql = `select id from inventory.product_images where state = 'removed'
  order by created_at limit ${removedAtOnce}`

const forgetSql = "delete from inventory.product_images where id = any ($1::uuid[]) and state = 'removed'"

const knownSql = 'select id from inventory.product_images where id = any ($1::uuid[])'
