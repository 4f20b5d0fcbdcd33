import type Stripe from 'stripe'
import type { Between, CallKey, CreateCall, Provider, ReadResult } from '../../application/provider.ts'
import { keptPromise } from './kept-promise.ts'
import { createResultOf } from './create-result.ts'
import { declined, ofKind, unknown } from './outcome.ts'
import { stripeFailure } from './stripe-failure.ts'
import { findByList, touchedPage } from './stripe-lists.ts'
import { stripeMethods } from './stripe-methods.ts'
import { stripeRefundSnapshot, stripeSnapshot } from './stripe-snapshot.ts'
import { toStripe } from './stripe-units.ts'
import { stripeWebhook } from './stripe-webhook.ts'

export type StripeOptions = {
  readonly secretKey: string
  readonly webhookSecret: string
  /** https://api.stripe.com, or that of the sandbox. */
  readonly apiUrl: string
  readonly timeoutMs: number
  /** The account may capture an authorization in parts. */
  readonly multicapture: boolean
}

const hourMs = 3_600_000

/** Stripe as a provider. Its SDK is loaded by the first call, because that takes a quarter of a second. */
export function stripeProvider(options: StripeOptions): Provider {
  const { multicapture } = options
  const sdk = keptPromise(() => loadSdk(options))
  const attempt = async <Result>(call: (stripe: Stripe) => Promise<Result>) => {
    const stripe = await sdk()
    return call(stripe).catch(stripeFailure)
  }
  return {
    name: 'stripe',
    methods: stripeMethods(options),
    keyLifetimeMs: 23 * hourMs,
    callEndsAfterMs: 120_000,
    create: (call) =>
      attempt(async (stripe) => {
        const intent = intentOf(
          await stripe.paymentIntents.create(createParameters(call, multicapture), keyed(call.key)),
        )
        return createResultOf(stripeSnapshot({ intent, refunds: [], disputes: [] }))
      }),
    capture: ({ key, ref, money, isFinal }) =>
      attempt(async (stripe) => {
        const intent = intentOf(
          await stripe.paymentIntents.capture(
            ref,
            {
              amount_to_capture: toStripe(money.minor, money.currency),
              ...(isFinal ? {} : { final_capture: false }),
              ...expandCharge,
            },
            keyed(key),
          ),
        )
        return { kind: 'captured', payment: stripeSnapshot({ intent, refunds: [], disputes: [] }) } as const
      }),
    void: ({ key, ref }) =>
      attempt(async (stripe) => {
        const intent = intentOf(await stripe.paymentIntents.cancel(ref, expandCharge, keyed(key)))
        return { kind: 'voided', payment: stripeSnapshot({ intent, refunds: [], disputes: [] }) } as const
      }),
    refund: ({ key, ourId, ref, money }) =>
      attempt(async (stripe) => {
        const amount = toStripe(money.minor, money.currency)
        const metadata = { refund_id: ourId }
        const made = await stripe.refunds.create({ payment_intent: ref, amount, metadata }, keyed(key))
        return refundResultOf(stripeRefundSnapshot(ofKind('refund', made)))
      }),
    read: (ref) => attempt((stripe) => read(stripe, ref)).then(absentIfNotFound),
    find: (ourId, calls) => attempt((stripe) => find(stripe, ourId, calls)).then(absentIfNotFound),
    touched: (between, cursor) =>
      attempt((stripe) => touchedPage(stripe, between, cursor)).then((result) =>
        result.kind === 'declined' ? unknown(result.message, 'did-nothing') : result,
      ),
    parseWebhook: async (headers, rawBody) =>
      stripeWebhook(await sdk(), options.webhookSecret, headers, rawBody),
  }
}

async function loadSdk({ secretKey, apiUrl, timeoutMs }: StripeOptions): Promise<Stripe> {
  const { default: StripeSdk } = await import('stripe')
  const { protocol, hostname, port } = new URL(apiUrl)
  const isPlain = protocol === 'http:'
  return new StripeSdk(secretKey, {
    protocol: isPlain ? 'http' : 'https',
    host: hostname,
    port: port === '' ? (isPlain ? 80 : 443) : Number(port),
    timeout: timeoutMs,
    // Whoever calls knows the key and the attempt, and decides about a further one.
    maxNetworkRetries: 0,
    telemetry: false,
  })
}

const intentOf = (answer: Stripe.PaymentIntent): Stripe.PaymentIntent => ofKind('payment_intent', answer)

const keyed = ({ operationId, attempt }: CallKey) => ({ idempotencyKey: `${operationId}/${attempt}` })

const expandCharge = { expand: ['latest_charge'] }

function createParameters(call: CreateCall, multicapture: boolean): Stripe.PaymentIntentCreateParams {
  const { ourId, orderId, money, method, token, returnUrl, capture, description } = call
  const isCard = method === 'card'
  const isLater = capture === 'later'
  return {
    amount: toStripe(money.minor, money.currency),
    currency: money.currency.toLowerCase(),
    confirm: true,
    allowed_payment_method_types: [method],
    capture_method: isLater ? 'manual' : 'automatic',
    description,
    metadata: { payment_id: ourId, order_id: orderId },
    ...(isCard ? { payment_method: token ?? '' } : { payment_method_data: { type: method } }),
    ...(isCard && isLater && multicapture
      ? { payment_method_options: { card: { request_multicapture: 'if_available' } } }
      : {}),
    // A customer who can't be sent anywhere can prove nothing, so that attempt fails at once.
    ...(returnUrl === undefined ? { error_on_requires_action: true } : { return_url: returnUrl }),
    ...expandCharge,
  }
}

function refundResultOf(refund: ReturnType<typeof stripeRefundSnapshot>) {
  const { status, failure } = refund
  if (status === 'failed' || status === 'canceled')
    return declined('declined', failure ?? status, `the refund has ${status}`)
  return { kind: status === 'requires_action' ? 'requiresAction' : status, refund } as const
}

async function read(stripe: Stripe, ref: string): Promise<ReadResult> {
  const intent = intentOf(await stripe.paymentIntents.retrieve(ref, expandCharge))
  const hasCharge = intent.latest_charge !== null
  const refunds = hasCharge ? await all((after) => stripe.refunds.list({ ...pageOf(ref), ...after })) : []
  const disputes = hasCharge ? await all((after) => stripe.disputes.list({ ...pageOf(ref), ...after })) : []
  return { kind: 'found', payment: stripeSnapshot({ intent, refunds, disputes }) }
}

const pageOf = (ref: string) => ({ payment_intent: ref, limit: 100 })

type Page<Item> = { readonly object: string; readonly data: readonly Item[]; readonly has_more: boolean }

async function all<Item extends { readonly id: string }>(
  list: (after: { readonly starting_after?: string }) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  for (;;) {
    const last = items.at(-1)
    const { data, has_more: hasMore } = ofKind('list', await list(last ? { starting_after: last.id } : {}))
    items.push(...data)
    if (!hasMore || data.length === 0) return items
  }
}

/** The search is behind by up to a minute, so what it does not find is looked for in the lists, which are not. */
async function find(stripe: Stripe, ourId: string, calls: Between): Promise<ReadResult> {
  const query = `metadata['payment_id']:'${ourId}'`
  const { data } = ofKind('search_result', await stripe.paymentIntents.search({ query, limit: 1 }))
  const ref = data[0]?.id ?? (await findByList(stripe, ourId, calls))
  if (ref === 'too-many') return unknown('too many payments to look through; ask again later', 'did-nothing')
  return ref === undefined ? { kind: 'absent' } : read(stripe, ref)
}

function absentIfNotFound(result: ReadResult | ReturnType<typeof stripeFailure>): ReadResult {
  if (result.kind !== 'declined') return result
  return result.code === 'not-found' ? { kind: 'absent' } : unknown(result.message, 'did-nothing')
}
