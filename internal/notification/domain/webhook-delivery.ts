import type { Brand } from '../../platform/brand.ts'
import type { EndpointId } from './endpoint.ts'

export type WebhookDeliveryId = Brand<string, 'WebhookDeliveryId'>

export type WebhookStatus = 'queued' | 'delivered'

export const webhookStatuses: readonly WebhookStatus[] = ['queued', 'delivered']

/** One event for one endpoint. */
export type WebhookDelivery = {
  readonly id: WebhookDeliveryId
  readonly endpointId: EndpointId
  readonly eventId: string
  /** Its place in the order of all. */
  readonly seq: string
  /** The ce-subject. Of one aggregate, an endpoint gets one event after the other. */
  readonly aggregateId: string
  readonly type: string
  readonly occurredAt: Date
  /** As it was published: JSON. */
  readonly data: string
  readonly status: WebhookStatus
  /** Since it was queued last. */
  readonly attempts: number
  readonly failingSince: Date | undefined
  /** What the last attempt ended with. */
  readonly failure: string
  readonly nextAt: Date
  readonly leaseUntil: Date | undefined
  readonly revision: number
  readonly updatedAt: Date
}

/** What an endpoint answered. `gone` is 410: it wants nothing more. */
export type WebhookAnswer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed'; readonly failure: string }
  | { readonly kind: 'gone' }

export type Concluded = {
  readonly state: WebhookDelivery
  /** Why its endpoint is paused now; undefined when it is not. */
  readonly pauses: string | undefined
}

/** Seconds; after that it is every six hours. */
const delays = [1, 5, 30, 120, 600, 3_600] as const
const longestDelay = 21_600
export const givenUpAfterMs = 3 * 86_400_000

/** A delivery that is given up stays queued: when its endpoint is resumed, it is the first to go, so the order stays. */
export function conclude(delivery: WebhookDelivery, answer: WebhookAnswer, at: Date): Concluded {
  const attempts = delivery.attempts + 1
  const answered = { ...delivery, attempts, ...{ leaseUntil: undefined, updatedAt: at } }
  if (answer.kind === 'taken')
    return {
      state: { ...answered, status: 'delivered', failure: '', failingSince: undefined },
      pauses: undefined,
    }
  const failure = answer.kind === 'gone' ? 'http-410' : answer.failure
  const failingSince = delivery.failingSince ?? at
  const state: WebhookDelivery = {
    ...answered,
    ...{ failure, failingSince, nextAt: new Date(at.getTime() + delayMs(attempts)) },
  }
  const isGivenUp = at.getTime() - failingSince.getTime() >= givenUpAfterMs
  return { state, pauses: answer.kind === 'gone' || isGivenUp ? failure : undefined }
}

/** Between two tries of a delivery that has failed so often. */
const delayMs = (attempts: number): number => (delays[attempts - 1] ?? longestDelay) * 1_000
