import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { Agent, buildConnector, request } from 'undici'
import type { Scope } from '../../../platform/run.ts'
import type { CallEndpoint, OutgoingWebhook } from '../../application/webhook-ports.ts'
import type { WebhookAnswer } from '../../domain/webhook-delivery.ts'
import { isPublicAddress, literalOf, mayUsePort } from './endpoint-url.ts'

export type CallOptions = {
  /** Private addresses too, and http. */
  readonly isPrivateAllowed: boolean
  /** For the whole call. */
  readonly timeoutMs: number
  /** How names are resolved; the system's way by default. */
  readonly lookup?: LookupFunction
}

/** Of an answer nothing matters but its status. So much is read so that the connection can be used again. */
const readBytes = 65_536

class AddressRefused extends Error {}

/** Calls endpoints at public addresses, signed as Standard Webhooks says. */
export function httpCallEndpoint(scope: Scope, options: CallOptions): CallEndpoint {
  const { timeoutMs } = options
  const agent = new Agent({
    connect: guardedConnector(options),
    headersTimeout: timeoutMs,
    maxHeaderSize: 32_768,
  })
  scope.onClose('webhook connections', () => agent.destroy())
  return async (webhook) => {
    try {
      const { body, headers } = messageOf(webhook)
      const signal = AbortSignal.timeout(timeoutMs)
      const answer = await request(webhook.url, { dispatcher: agent, method: 'POST', body, headers, signal })
      await answer.body.dump({ limit: readBytes, signal }).catch(() => undefined)
      return answerOf(answer.statusCode)
    } catch (err) {
      return { kind: 'failed', failure: failureOf(err) }
    }
  }
}

/** The data go as they were published, byte by byte. */
export function messageOf({ delivery, secrets, at }: OutgoingWebhook) {
  const { eventId, type, occurredAt, data } = delivery
  const body = `{"type":${JSON.stringify(type)},"timestamp":"${occurredAt.toISOString()}","data":${data}}`
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Tillstream-Webhooks',
      'webhook-id': eventId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(eventId, at, body)).join(' '),
    },
  }
}

/** A redirect is a failure: whoever signed for one address does not mean another. */
function answerOf(status: number): WebhookAnswer {
  if (status >= 200 && status < 300) return { kind: 'taken' }
  return status === 410 ? { kind: 'gone' } : { kind: 'failed', failure: `http-${status}` }
}

const timeouts = ['TimeoutError', 'HeadersTimeoutError', 'ConnectTimeoutError', 'BodyTimeoutError']

function failureOf(err: unknown): string {
  if (err instanceof AddressRefused) return 'address-refused'
  if (!(err instanceof Error)) return 'no-answer'
  if (timeouts.includes(err.name)) return 'timeout'
  const { code = '' } = err as NodeJS.ErrnoException
  if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) return 'tls'
  return code === 'ENOTFOUND' || code === 'ECONNREFUSED' ? 'unreachable' : 'no-answer'
}

/**
 * Checks the address that is connected to, at the moment of connecting: a name may mean another one each time it is looked
 * up, and for a literal address nothing is looked up at all.
 */
function guardedConnector({
  isPrivateAllowed,
  timeoutMs,
  lookup = dnsLookup,
}: CallOptions): buildConnector.connector {
  const guarded: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (err, found) => {
      const addresses = found as unknown as LookupAddress[] // because of `all`
      const [first] = err ? [] : addresses
      if (err || !first) callback(err ?? new Error('no address'), [])
      else if (!isPrivateAllowed && !addresses.every(({ address }) => isPublicAddress(address)))
        callback(new AddressRefused(`${hostname} is not at a public address`), [])
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
  const connect = buildConnector({ timeout: timeoutMs, lookup: guarded })
  return (options, callback) => {
    const literal = literalOf(options.hostname)
    const isRefused = !isPrivateAllowed && literal !== undefined && !isPublicAddress(literal)
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80))
    if (isRefused || !mayUsePort(port)) callback(new AddressRefused('not at a public address'), null)
    else connect(options, callback)
  }
}
