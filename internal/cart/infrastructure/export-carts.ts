import type { Sql } from '../../platform/database.ts'
import { fitting } from '../../platform/message-size.ts'

/** As they are stored, with all that tells of a person. */
const exportSql = `
  select c.id::text as id, row_to_json(shown)::text as json
  from carts.carts c cross join lateral (
    select c.id, c.status, c.lines, c.delivery, c.promotion_codes as "promotionCodes", c.order_id as "orderId",
      c.created_at as "createdAt", c.updated_at as "updatedAt"
  ) as shown
  where c.user_id = $1::uuid and ($2::uuid is null or c.id < $2::uuid)
  order by c.id desc limit $3`

const atOnce = 50

export type ExportedCarts = { readonly carts: readonly string[]; readonly next: string | undefined }

/** A page of all carts of a user, newest first. */
export const exportCartsOf =
  (sql: Sql) =>
  async (userId: string, after: string | undefined): Promise<ExportedCarts> => {
    const rows = await sql.$queryRawUnsafe<readonly { readonly id: string; readonly json: string }[]>(
      exportSql,
      ...[userId, after ?? null, atOnce],
    )
    const count = fitting(rows, ({ json }) => 2 * json.length)
    const isLast = rows.length < atOnce && count === rows.length
    return {
      carts: rows.slice(0, count).map(({ json }) => json),
      next: isLast ? undefined : rows[count - 1]?.id,
    }
  }
