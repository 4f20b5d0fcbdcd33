import type { Act, Facts } from '../../platform/act.ts'
import { recordActs } from '../../platform/activity.ts'
import { retryContention } from '../../platform/database.ts'
import { claimKey, findKey } from '../../platform/idempotency-keys.ts'
import type { Refusal } from '../../platform/refusal.ts'
import type { RuleStore } from '../application/rule-store.ts'
import { Prisma, type PrismaClient } from './db/client.ts'

type Db = Prisma.TransactionClient

/** How one kind of rule is stored. Each function is one statement of Prisma's. */
export type RuleTable<Row> = {
  /** Deleted rows are found too. */
  readonly find: (db: Db, id: string) => Promise<Row | null>
  readonly page: (db: Db, limit: number, before: string | undefined) => Promise<readonly Row[]>
  readonly insert: (db: Db, row: Row) => Promise<unknown>
  readonly replace: (db: Db, row: Row) => Promise<unknown>
  /** Locks a row whose id is `$1`. */
  readonly lockSql: string
}

type Kind<Rule, Row> = {
  /** As in the log of who did what: `tax-rate` of tax-rate.updated. */
  readonly name: string
  readonly table: RuleTable<Row>
  readonly toRow: (rule: Rule) => Row
  readonly fromRow: (row: Row) => Rule
  readonly notFound: () => Refusal
  /** What is refused when another rule has what must be unique. */
  readonly taken: () => Refusal
}

type AnyRule = { readonly id: string; readonly deletedAt: Date | undefined }

export function prismaRules<Rule extends AnyRule, Row>(
  db: PrismaClient,
  { name, table, toRow, fromRow, notFound, taken }: Kind<Rule, Row>,
): RuleStore<Rule['id'], Rule> {
  const live = async (tx: Db, id: string): Promise<Rule | undefined> => {
    const row = await table.find(tx, id)
    const rule = row === null ? undefined : fromRow(row)
    return rule?.deletedAt === undefined ? rule : undefined
  }
  return {
    find: (id) => live(db, id),
    list: async (limit, after) => (await table.page(db, limit, after)).map(fromRow),
    async findByRequest(once) {
      const id = await findKey(db, 'pricing', once)
      if (id === undefined) return undefined
      const rule = await live(db, id)
      if (!rule) throw notFound()
      return rule
    },
    async add(rule, trace, once) {
      await refuseTaken(
        db.$transaction(async (tx) => {
          await claimKey(tx, 'pricing', once, rule.id)
          await table.insert(tx, toRow(rule))
          await recordActs(tx, trace, [{ what: `${name}.created`, subjectId: rule.id, after: factsOf(rule) }])
        }),
        taken,
      )
      return rule
    },
    update: (id, decide, trace) =>
      refuseTaken(
        retryContention(() =>
          db.$transaction(async (tx) => {
            await tx.$queryRawUnsafe(table.lockSql, id)
            const rule = await live(tx, id)
            if (!rule) throw notFound()
            const next = decide(rule)
            await table.replace(tx, toRow(next))
            if (trace.by && next !== rule) await recordActs(tx, trace, [actOf(name, rule, next)])
            return next
          }),
        ),
        taken,
      ),
  }
}

function actOf(name: string, rule: AnyRule, next: AnyRule): Act {
  const isGone = next.deletedAt !== undefined
  const after = isGone ? undefined : factsOf(next)
  return {
    what: `${name}.${isGone ? 'deleted' : 'updated'}`,
    subjectId: rule.id,
    before: factsOf(rule),
    after,
  }
}

/** All of a rule but what the log says itself. */
const bookkeeping = ['id', 'version', 'createdAt', 'updatedAt', 'deletedAt', 'redeemed']

const factsOf = (rule: AnyRule): Facts =>
  Object.fromEntries(Object.entries(rule).filter(([field]) => !bookkeeping.includes(field)))

/** P2002 is Prisma's code for a violated unique index. */
async function refuseTaken<Result>(work: Promise<Result>, taken: () => Refusal): Promise<Result> {
  try {
    return await work
  } catch (err) {
    throw err instanceof Prisma.PrismaClientKnownRequestError && err.code === 'P2002' ? taken() : err
  }
}
