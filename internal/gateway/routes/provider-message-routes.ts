import { Type } from 'typebox'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes, pageLength } from '../limits.ts'
import type { PaymentDeps } from './payment-routes.ts'
import { DeadWebhooks } from './payment-schemas.ts'

/** What payment providers tell. */
export function providerMessageRoutes(deps: Pick<PaymentDeps, 'payments'>): readonly Endpoint[] {
  return [webhook(deps), ...deadWebhooks(deps)]
}

/** Providers repeat a message until its answer is 200, so it is given only when the message is stored. */
function webhook({ payments }: Pick<PaymentDeps, 'payments'>): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/webhooks/:provider',
    access: 'anyone',
    tag: 'payments',
    id: 'receiveWebhook',
    summary: 'Take a message of a payment provider, whose signature is checked over its bytes',
    params: Type.Object({ provider: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }) }),
    bodyBytes: bodyBytes.webhook,
    takesBytes: true,
    status: 200,
    response: Type.Object({}),
    async handle({ params, headers, body }, call) {
      const texts = Object.entries(headers as Readonly<Record<string, unknown>>).filter(
        ([, value]) => typeof value === 'string',
      )
      const bytes = Buffer.isBuffer(body) ? body.toString('base64') : ''
      await payments.receiveWebhook({ ...params, headers: Object.fromEntries(texts), body: bytes }, call)
      return { body: {} }
    },
  })
}

function deadWebhooks({ payments }: Pick<PaymentDeps, 'payments'>): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/provider-messages',
      access: 'staff',
      permission: 'payments:read',
      tag: 'admin',
      id: 'listDeadWebhooks',
      summary: 'List messages of payment providers that could not be handled, newest first',
      status: 200,
      response: DeadWebhooks,
      async handle(_, call) {
        const { webhooks } = await payments.listDeadWebhooks({ limit: pageLength.max }, call)
        return {
          body: {
            data: webhooks.map(({ eventId, ...rest }) => ({
              ...rest,
              ...(eventId === '' ? {} : { eventId }),
            })),
          },
        }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/admin/provider-messages/:id/requeue',
      access: 'staff',
      permission: 'payments:write',
      tag: 'admin',
      id: 'requeueWebhook',
      summary: 'Handle such a message once more',
      params: Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) }),
      takesIdempotencyKey: true,
      keepsOwnKeys: true,
      status: 204,
      response: Type.Null(),
      async handle({ params }, call) {
        await payments.requeueWebhook(params, call)
        return { body: null }
      },
    }),
  ]
}
