import { requirePermission, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Accounts } from './accounts.ts'
import type { DeadMessage, Inbox } from './inbox.ts'
import type { Provider, WebhookHeaders } from './provider.ts'

type WebhookDeps = {
  readonly inbox: Inbox
  readonly accounts: Pick<Accounts, 'findRef'>
  readonly providerOf: (name: string) => Provider | undefined
  readonly now: () => Date
}

/**
 * A payment that is told of before we know its name at the provider is nearly always one that we are making: the answer to
 * our own call says the same and is on its way.
 */
const answerWithinMs = 500

/** The signature is checked over the bytes as they came. The message has been stored when this resolves. */
export function receiveWebhook({ inbox, accounts, providerOf, now }: WebhookDeps) {
  return async (name: string, headers: WebhookHeaders, body: Uint8Array): Promise<void> => {
    const provider = providerOf(name)
    if (!provider) throw new Refusal('not-found', 'webhook.unknown-provider', 'there is no such provider')
    const webhook = await provider.parseWebhook(headers, body)
    if (webhook.kind === 'forged')
      throw new Refusal('invalid', 'webhook.bad-signature', 'the message is not of this provider')
    if (webhook.kind === 'ignored') return
    const { eventId, ref: resource, what, captured } = webhook
    const at = now()
    const isAwaited = captured !== undefined && !(await accounts.findRef(name, resource))
    const dueAt = isAwaited ? new Date(at.getTime() + answerWithinMs) : at
    await inbox.receive({ provider: name, eventId, resource, what, captured }, at, dueAt)
  }
}

export function listDeadWebhooks({ inbox }: Pick<WebhookDeps, 'inbox'>) {
  return async (limit: number, call: Call): Promise<readonly DeadMessage[]> => {
    requirePermission(call, 'payments:read')
    return inbox.dead(limit)
  }
}

export function requeueWebhook({ inbox, now }: Pick<WebhookDeps, 'inbox' | 'now'>) {
  return async (id: string, call: Call): Promise<void> => {
    requirePermission(call, 'payments:write')
    if (!(await inbox.requeue(id, now(), traceOf(call))))
      throw new Refusal('not-found', 'webhook.not-found', 'there is no such message')
  }
}
