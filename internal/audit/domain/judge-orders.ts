import { maxOffenders, type Invariant } from './invariant.ts'

/** Orders that have come the same way. */
export type OrderHistories = {
  /** The statuses of the history, in order. */
  readonly path: readonly string[]
  readonly status: string
  readonly version: number
  readonly count: number
  /** The first few. */
  readonly ids: readonly string[]
}

/** Orders that are in the same state, and so is their stock. */
export type Settlements = {
  /** Undefined: the inventory knows an order that does not exist. reviving: it has expired, and is being revived. */
  readonly order: string | undefined
  /** Undefined: the inventory does not know the order. */
  readonly reservation: string | undefined
  /** The last change is so young that the next step may be under way. */
  readonly isRecent: boolean
  readonly count: number
  readonly ids: readonly string[]
}

/** Written down once more, on purpose: a witness that asks the accused proves nothing. A test holds the two together. */
export const lawfulTransitions: Readonly<Record<string, readonly string[]>> = {
  pending: ['confirmed', 'rejected', 'canceled'],
  confirmed: ['paid', 'shipped', 'canceled', 'expired'],
  paid: ['confirmed', 'shipped', 'canceled'],
  shipped: ['completed'],
  completed: [],
  rejected: [],
  canceled: [],
  expired: ['paid'],
}

const holdsStock: readonly string[] = ['confirmed', 'paid', 'shipped', 'completed']

/** Each order has come to its status by lawful steps, one for each version. */
export function judgeHistories(groups: readonly OrderHistories[]): Invariant {
  return judgeGroups('order-histories', groups, (group) => {
    const way = group.path.join(' → ') || 'nothing'
    if (!isLawful(group.path)) return `has an unlawful history: ${way}`
    if (group.path.at(-1) !== group.status) return `is ${group.status}, but its history says ${way}`
    if (group.path.length !== group.version)
      return `has version ${group.version}, but its history says ${way}`
    return undefined
  })
}

/** Confirmed and later: held. Rejected, canceled and expired: nothing held. What is young may still be on its way. */
export function judgeSettlements(groups: readonly Settlements[]): Invariant {
  return judgeGroups('orders-and-stock', groups, ({ order, reservation, isRecent }) => {
    const isHeld = reservation === 'held'
    if (order === undefined) return isHeld && !isRecent ? 'has stock held, but does not exist' : undefined
    if (holdsStock.includes(order))
      return isHeld ? undefined : `is ${order}, but its stock is ${reservation ?? 'not held'}`
    // Both for too long is a rule of its own.
    if (order === 'pending' || order === 'reviving') return undefined
    return isHeld && !isRecent ? `is ${order}, but its stock is held` : undefined
  })
}

function isLawful(path: readonly string[]): boolean {
  return (
    path[0] === 'pending' &&
    path.slice(1).every((to, index) => lawfulTransitions[path[index] ?? '']?.includes(to))
  )
}

type Group = { readonly count: number; readonly ids: readonly string[] }

function judgeGroups<Judged extends Group>(
  name: string,
  groups: readonly Judged[],
  judge: (group: Judged) => string | undefined,
): Invariant {
  const wrong = groups.flatMap((group) => {
    const complaint = judge(group)
    return complaint === undefined ? [] : [{ ...group, complaint }]
  })
  return {
    name,
    checked: countOf(groups),
    violations: countOf(wrong),
    offenders: wrong
      .flatMap(({ ids, complaint }) => ids.map((id) => `order ${id} ${complaint}`))
      .slice(0, maxOffenders),
  }
}

const countOf = (groups: readonly Group[]): number => groups.reduce((sum, { count }) => sum + count, 0)
