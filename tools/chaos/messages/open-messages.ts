import type { Scope } from '../../../internal/platform/run.ts'
import type { Settings } from '../../shared/constellation.ts'
import { seededFor } from '../../shared/random.ts'
import type { Person } from '../paying-steps.ts'
import type { ShopHttp } from '../shop-http.ts'
import { openInbox, type Inbox } from './inbox-runner.ts'
import { openReceiver, type HookReceiver } from './receiver.ts'

/** Where the messages of the shop go. */
export type Messages = { readonly inbox: Inbox; readonly receiver: HookReceiver }

export async function openMessages(
  scope: Scope,
  { dir, searchPath, seed }: { readonly dir: string; readonly searchPath: string; readonly seed: number },
): Promise<Messages> {
  return {
    inbox: await openInbox(scope, { dir, searchPath }),
    receiver: await openReceiver(scope, seededFor(seed, 'receiver')),
  }
}

/** Mails are made as fast as orders come, so that the end need not be waited for. */
const mailsPerSecond = 200

/** The settings by which services send mails and webhooks there. */
export const settingsToTell = ({ inbox }: Messages): Settings => ({
  NOTIFY_BY: 'email',
  SMTP_URL: inbox.smtpUrl,
  SMTP_TIMEOUT_MS: '1000',
  MAILS_PER_SECOND: String(mailsPerSecond),
  SHOP_URL: 'http://127.0.0.1:9',
  WEBHOOKS_ALLOW_PRIVATE: 'true',
})

type Admin = { readonly http: ShopHttp; readonly admin: Person }

/** Two back ends of others. Each gets what happens from here on, and both get the orders. */
const endpoints = {
  erp: ['order.*', 'shipment.*', 'return.*', 'stock.*', 'user.*'],
  books: ['order.*', 'payment.*', 'refund.*', 'receipt.*'],
} as const

export async function addEndpoints({ receiver }: Messages, { http, admin }: Admin): Promise<void> {
  for (const [name, events] of Object.entries(endpoints)) {
    const body = { url: receiver.urlOf(name), events }
    const reply = await http.send({ method: 'POST', path: '/admin/webhooks', token: admin.token, body })
    if (reply.status !== 201) throw new Error(`an endpoint was answered ${reply.status} ${reply.code}`)
    receiver.know(name, (reply.body as { readonly secret: string }).secret) // the answer of our own API
  }
}
