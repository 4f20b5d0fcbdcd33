import type { Permission } from '../../parts/staff.ts'
import { api } from '../../session.ts'
import { soon } from '../orders/queries.ts'

/** What may need a person. `isMore`: there are more than were counted. */
export type Count = { readonly count: number; readonly isMore?: boolean }

export type NeedName =
  | 'deadLetters'
  | 'providerMessages'
  | 'suspense'
  | 'refunds'
  | 'webhooks'
  | 'messages'
  | 'returns'
  | 'holds'
  | 'toShip'

export type Need = {
  readonly name: NeedName
  readonly to: string
  readonly permission: Permission
  /** Something is wrong; otherwise it is work as on every day. */
  readonly isFault: boolean
  readonly ask: (signal: AbortSignal) => Promise<Count>
}

const limit = 100

const counted = ({
  data,
  nextCursor,
}: {
  readonly data: readonly unknown[]
  readonly nextCursor: string | null
}): Count => ({ count: data.length, isMore: nextCursor !== null })

export const needs: readonly Need[] = [
  {
    ...{ name: 'deadLetters', to: '/dead-letters?status=open', permission: 'operations:read', isFault: true },
    ask: async (signal) =>
      counted((await api().listDeadLetters({ query: { status: 'open', limit }, signal })).data),
  },
  {
    ...{ name: 'suspense', to: '/money', permission: 'payments:read', isFault: true },
    ask: async (signal) => ({ count: (await api().listSuspense({ signal })).data.data.length }),
  },
  {
    ...{ name: 'providerMessages', to: '/money', permission: 'payments:read', isFault: true },
    ask: async (signal) => ({ count: (await api().listDeadWebhooks({ signal })).data.data.length }),
  },
  {
    ...{ name: 'refunds', to: '/money', permission: 'payments:read', isFault: true },
    async ask(signal) {
      const { data } = (await api().listRefunds({ query: { limit }, signal })).data
      return { count: data.filter(({ awaits }) => awaits === 'staff').length }
    },
  },
  {
    ...{ name: 'webhooks', to: '/webhooks', permission: 'webhooks:read', isFault: true },
    async ask(signal) {
      const { data } = (await api().listWebhooks({ signal })).data
      return { count: data.filter(({ isPaused }) => isPaused).length }
    },
  },
  {
    ...{
      name: 'messages',
      to: '/notifications?status=failed',
      permission: 'notifications:read',
      isFault: true,
    },
    ask: async (signal) =>
      counted((await api().listDeliveries({ query: { status: 'failed', limit }, signal })).data),
  },
  {
    ...{ name: 'holds', to: '/orders?holds=ending', permission: 'orders:read', isFault: false },
    ask: async (signal) =>
      counted((await api().listOrders({ query: { holdEndsBefore: soon(), limit }, signal })).data),
  },
  {
    ...{ name: 'toShip', to: '/orders?status=paid', permission: 'orders:read', isFault: false },
    ask: async (signal) =>
      counted((await api().listOrders({ query: { status: 'paid', limit }, signal })).data),
  },
  {
    ...{ name: 'returns', to: '/orders?returnStatus=open', permission: 'orders:read', isFault: false },
    ask: async (signal) =>
      counted((await api().listOrders({ query: { returnStatus: 'open', limit }, signal })).data),
  },
]
