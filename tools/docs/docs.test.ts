import { readFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { generatedDocs } from './generated.ts'
import { root } from '../../scripts/root.mjs'

type Json = { readonly [key: string]: Json } & readonly Json[] & string

t.test('the committed documents are what they are generated from (npm run docs)', async (t) => {
  for (const [file, text] of await generatedDocs()) {
    t.equal(await readFile(file, 'utf8').catch(() => 'missing'), text, path.relative(root, file))
  }
})

t.test('every event that a service tells of is there', async (t) => {
  const { channels } = await asyncApi()
  t.strictSame(Object.values(channels!).map(({ address }) => address).sort(), [
    'activity.recorded',
    'cart.abandoned', 'cart.cleared', 'cart.delivery_changed', 'cart.item_added', 'cart.item_changed', 'cart.item_removed',
    'cart.locked', 'cart.merged', 'cart.ordered', 'cart.promotions_changed', 'cart.reopened',
    'category.created', 'category.deleted', 'category.updated',
    'dead_letter.added',
    'dispute.lost', 'dispute.opened', 'dispute.won',
    'family.created', 'family.deleted', 'family.updated',
    'notification.endpoint_paused', 'notification.failed', 'notification.sent', 'notification.unknown',
    'order.canceled', 'order.completed', 'order.confirmed', 'order.created', 'order.expired', 'order.paid', 'order.rejected',
    'order.revived', 'order.shipped',
    'payment.action_required', 'payment.authorized', 'payment.canceled', 'payment.captured', 'payment.due_changed', 'payment.expired',
    'payment.failed', 'payment.initiated', 'payment.lapsed', 'payment.late', 'payment.mismatch', 'payment.overpaid',
    'payment.processing',
    'product.created', 'product.deleted', 'product.updated', 'receipt.issued', 'refund.failed',
    'refund.requested', 'refund.succeeded', 'return.approved', 'return.canceled', 'return.closed',
    'return.declined', 'return.expired', 'return.received', 'return.refunded', 'return.refused', 'return.requested',
    'session.revoked', 'session.started',
    'shipment.canceled', 'shipment.delivered', 'shipment.lost', 'shipment.packed', 'shipment.resent', 'shipment.returned', 'shipment.shipped',
    'stock.adjusted', 'stock.low', 'stock.rejected', 'stock.released', 'stock.replaced', 'stock.reserved', 'stock.returned', 'user.created',
    'user.data_erased', 'user.email_verification_requested', 'user.erased', 'user.identity_linked', 'user.identity_unlinked', 'user.password_changed', 'user.password_reset_requested', 'user.updated',
  ]) // prettier-ignore
})

t.test('the AsyncAPI file keeps the rules of 3.0', async (t) => {
  const document = await asyncApi()
  t.equal(document.asyncapi, '3.0.0')
  t.match(document.info, { title: String, version: String })
  t.match(document.servers, { local: { host: /^[^/]+$/, protocol: 'nats' } })
  const roots = [
    'asyncapi',
    'id',
    'info',
    'servers',
    'defaultContentType',
    'channels',
    'operations',
    'components',
  ]
  t.strictSame(
    Object.keys(document).filter((key) => !roots.includes(key)),
    [],
  )
  for (const [name, channel] of Object.entries(document.channels!)) {
    t.match(name, /^[A-Za-z0-9_-]+$/)
    t.match(channel, { address: String, messages: Object })
  }
  for (const { action, channel, messages } of Object.values(document.operations!)) {
    t.ok(['send', 'receive'].includes(String(action)))
    // An operation's messages point into its channel, not to the components.
    for (const { $ref } of messages!) t.ok($ref!.startsWith(`${channel!.$ref}/messages/`), String($ref))
  }
  for (const message of Object.values(document.components!.messages!)) {
    t.match(message, { name: /^tillstream\./, contentType: 'application/json', payload: { $ref: String } })
  }
})

t.test('every reference leads somewhere', async (t) => {
  const document = await asyncApi()
  const references = referencesIn(document)
  t.ok(references.length > 50)
  for (const reference of references) {
    const target = reference
      .slice(2)
      .split('/')
      .reduce<Json | undefined>((at, key) => at?.[key], document)
    t.ok(reference.startsWith('#/') && target, reference)
  }
})

const asyncApi = async (): Promise<Json> =>
  JSON.parse(await readFile(path.join(root, 'docs', 'asyncapi.json'), 'utf8')) as Json

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner)] : referencesIn(inner),
  )
}
