import type { Brand } from '../../platform/brand.ts'

export type EndpointId = Brand<string, 'EndpointId'>

export type SigningSecret = { readonly secret: string; readonly until: Date | undefined }

/** Where a back end of somebody else takes events. */
export type Endpoint = {
  readonly id: EndpointId
  readonly url: string
  /** Such as order.*, payment.captured or *. */
  readonly events: readonly string[]
  /** The newest first; the ones before it end. */
  readonly secrets: readonly SigningSecret[]
  readonly pausedAt: Date | undefined
  /** Empty while it is not paused. */
  readonly pauseReason: string
  /** When its list of events was last changed. */
  readonly wantedSince: Date
  /** Counts the writes. */
  readonly revision: number
  /** Counts the events. */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type EndpointWish = {
  readonly url?: string | undefined
  readonly events?: readonly string[] | undefined
  readonly isPaused?: boolean | undefined
  /** The text of a new secret. */
  readonly secret?: string | undefined
}

export type NewEndpoint = Pick<Endpoint, 'id' | 'url' | 'events'> & { readonly secret: string }

/** So long an old secret signs too, so that receivers can be told of the new one. */
export const rotationMs = 86_400_000
/** Who rotates more often than this within a day loses the oldest secret at once. */
const mostSecrets = 2

export const newEndpoint = ({ id, url, events, secret }: NewEndpoint, at: Date): Endpoint => ({
  ...{ id, url, events, secrets: [{ secret, until: undefined }], pausedAt: undefined, pauseReason: '' },
  ...{ wantedSince: at, revision: 1, version: 0, createdAt: at, updatedAt: at },
})

/** What staff change. */
export function changeEndpoint(endpoint: Endpoint, wish: EndpointWish, at: Date): Endpoint {
  const { url = endpoint.url, events = endpoint.events, isPaused, secret } = wish
  const changed: Endpoint = {
    ...endpoint,
    ...{ url, events, revision: endpoint.revision + 1, updatedAt: at },
    wantedSince: wish.events === undefined ? endpoint.wantedSince : at,
    secrets: secret === undefined ? endpoint.secrets : rotate(endpoint.secrets, secret, at),
  }
  if (isPaused === undefined || isPaused === (endpoint.pausedAt !== undefined)) return changed
  return isPaused
    ? { ...changed, pausedAt: at, pauseReason: 'staff' }
    : { ...changed, pausedAt: undefined, pauseReason: '' }
}

/** It gets nothing more until staff resume it, and that is told. */
export const pauseFailing = (endpoint: Endpoint, reason: string, at: Date): Endpoint => ({
  ...endpoint,
  ...{ pausedAt: at, pauseReason: reason, updatedAt: at },
  ...{ revision: endpoint.revision + 1, version: endpoint.version + 1 },
})

/** Those that sign now. */
export const validSecrets = ({ secrets }: Pick<Endpoint, 'secrets'>, at: Date): readonly string[] =>
  secrets.filter(({ until }) => until === undefined || until > at).map(({ secret }) => secret)

function rotate(secrets: readonly SigningSecret[], secret: string, at: Date): readonly SigningSecret[] {
  const until = new Date(at.getTime() + rotationMs)
  const older = secrets.filter((each) => each.until === undefined || each.until > at)
  return [
    { secret, until: undefined },
    ...older.map((each) => ({ secret: each.secret, until: each.until ?? until })),
  ].slice(0, mostSecrets)
}

/** What the log of who did what keeps. An address may have a secret behind its path, so that only its origin is kept. */
export const endpointFacts = ({ url, events, pausedAt, secrets }: Endpoint) => ({
  origin: new URL(url).origin,
  events: events.join(' '),
  isPaused: pausedAt !== undefined,
  secrets: secrets.length,
})
