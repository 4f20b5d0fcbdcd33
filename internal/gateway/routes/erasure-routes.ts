import { Type } from 'typebox'
import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import { IdParams } from '../schemas.ts'
import type { Identity } from '../../platform/callers/tokens.ts'
import { EraseBody } from './session-schemas.ts'

export type ErasureDeps = {
  readonly users: Pick<Handlers<typeof UserService>, 'eraseUser'>
  readonly orders: Pick<Handlers<typeof OrderService>, 'hasOpenOrders'>
  readonly payments: Pick<Handlers<typeof PaymentService>, 'hasOpenMoney'>
}

export function erasureRoutes(deps: ErasureDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'DELETE',
      path: '/users/me',
      access: 'customer',
      isForSetup: true,
      tag: 'users',
      id: 'eraseOwnUser',
      summary:
        'Erase oneself: the account, and within a minute or two all else that is stored of the person; orders stay without them. Refused while money is open',
      admission: 'credentials',
      rate: 'credentials',
      // Whoever has got hold of a token must not guess the password with it.
      logins: (_body: unknown, identity: Identity | undefined) => (identity ? [identity.email] : []),
      bodyBytes: bodyBytes.login,
      body: EraseBody,
      isBodyOptional: true,
      status: 204,
      response: Type.Null(),
      async handle({ body: { password = '', code = '' } }, call, identity) {
        const [id, sessionId] = [identity?.userId ?? '', identity?.sessionId ?? '']
        await refuseOpenMoney(deps, id, call)
        await deps.users.eraseUser({ id, password, code, sessionId }, call)
        return { body: null }
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/admin/users/:id',
      access: 'admin',
      tag: 'admin',
      id: 'eraseUser',
      summary:
        'Erase somebody, as they can themselves; nobody erases the last admin, and no admin the own account',
      params: IdParams,
      status: 204,
      response: Type.Null(),
      async handle({ params: { id } }, call) {
        await refuseOpenMoney(deps, id, call)
        await deps.users.eraseUser({ id, password: '', code: '', sessionId: '' }, call)
        return { body: null }
      },
    }),
  ]
}

/**
 * Whoever has paid gets their goods or their money first. An order that is paid at this very moment keeps its buyer until
 * it is shipped: the order service sees to that.
 */
async function refuseOpenMoney({ orders, payments }: ErasureDeps, userId: string, call: Call): Promise<void> {
  const [ofOrders, ofPayments] = await Promise.all([
    orders.hasOpenOrders({ userId }, call),
    payments.hasOpenMoney({ userId }, call),
  ])
  if (ofOrders.open || ofPayments.open)
    throw new Refusal(
      'conflict',
      'user.open-orders',
      'an order is waiting for its payment or its shipment, or money is on its way back; cancel it or wait for it',
    )
}
