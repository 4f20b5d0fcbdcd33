import { requirePermission, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { RuleStore } from './rule-store.ts'

/** A page that a screen can show. */
const maxLimit = 100

type Changed<Id> = { readonly id: Id; readonly expectedVersion: number | undefined }

/** How one kind of rule is made and changed. */
export type RuleKind<Id, Rule, Input, Patch> = {
  /** Of the permissions that it needs. */
  readonly resource: 'shipping' | 'taxes' | 'promotions'
  readonly store: RuleStore<Id, Rule>
  readonly create: (input: Input) => Rule
  readonly change: (rule: Rule, patch: Patch, expectedVersion: number | undefined) => Rule
  readonly remove: (rule: Rule, expectedVersion: number | undefined) => Rule
  readonly notFound: () => Refusal
  /** Called after each change. */
  readonly changed: () => void
}

export type RulePage<Id, Rule> = { readonly rules: readonly Rule[]; readonly next: Id | undefined }

/** What admins do with one kind of rule. */
export function keepRules<Id, Rule extends { readonly id: Id }, Input, Patch>({
  resource,
  store,
  create,
  change,
  remove,
  notFound,
  changed,
}: RuleKind<Id, Rule, Input, Patch>) {
  const tell = async <Result>(work: Promise<Result>): Promise<Result> => {
    const result = await work
    changed()
    return result
  }
  return {
    async create(input: Input, call: Call): Promise<Done<Rule>> {
      requirePermission(call, `${resource}:write`)
      const rule = create(input)
      return doOnce(call.once, store.findByRequest, () => tell(store.add(rule, traceOf(call), call.once)))
    },
    async update({ id, expectedVersion }: Changed<Id>, patch: Patch, call: Call): Promise<Rule> {
      requirePermission(call, `${resource}:write`)
      return tell(store.update(id, (rule) => change(rule, patch, expectedVersion), traceOf(call)))
    },
    async remove({ id, expectedVersion }: Changed<Id>, call: Call): Promise<void> {
      requirePermission(call, `${resource}:write`)
      await tell(store.update(id, (rule) => remove(rule, expectedVersion), traceOf(call)))
    },
    async get(id: Id, call: Call): Promise<Rule> {
      requirePermission(call, `${resource}:read`)
      const rule = await store.find(id)
      if (!rule) throw notFound()
      return rule
    },
    async list(limit: number, after: Id | undefined, call: Call): Promise<RulePage<Id, Rule>> {
      requirePermission(call, `${resource}:read`)
      if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
        throw new Refusal(
          'invalid',
          'pricing.invalid-limit',
          `limit must be a whole number from 1 to ${maxLimit}`,
        )
      const rules = await store.list(limit + 1, after)
      const page = rules.slice(0, limit)
      return { rules: page, next: rules.length > limit ? page.at(-1)?.id : undefined }
    },
  }
}
