import type { DeliveryId } from '../domain/delivery.ts'
import type { Channel } from '../domain/kinds.ts'
import { draftForStaff, isOld, type StaffNews } from '../domain/news.ts'
import type { Deliveries } from './ports.ts'

type Deps = {
  readonly deliveries: Pick<Deliveries, 'add'>
  /** Those that staff have. */
  readonly channels: readonly Channel[]
  readonly withinMs: number
  readonly newDeliveryId: () => DeliveryId
  readonly now: () => Date
  /** Called when there is something to send. */
  readonly wake: () => void
}

/** Stores what those who run the shop are to be told. An event that comes again adds nothing. */
export function tellStaff({ deliveries, channels, withinMs, newDeliveryId, now, wake }: Deps) {
  return async (news: readonly StaffNews[]): Promise<readonly undefined[]> => {
    const at = now()
    const drafts = news
      .filter((each) => !isOld(each, at, withinMs))
      .flatMap((each) => draftForStaff(each, channels, newDeliveryId, at))
    if (drafts.length > 0 && (await deliveries.add(drafts)) > 0) wake()
    return news.map(() => undefined)
  }
}
