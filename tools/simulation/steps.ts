// What can happen in a run: what clients and operators do, and the faults.

import { cartStepKinds, type CartStep, type WayToPay } from './shopping.ts'

export type Item = { readonly product: number; readonly quantity: number }

export type ClientStep =
  | {
      readonly do: 'place'
      readonly customer: number
      readonly key: number
      readonly items: readonly Item[]
      readonly twice: boolean
    }
  /** An earlier request, word for word. */
  | { readonly do: 'repeat'; readonly nth: number }
  | { readonly do: 'cancel'; readonly nth: number }
  | { readonly do: 'advance'; readonly nth: number; readonly to: 'paid' | 'shipped' | 'completed' }
  /** Some units of the first line that has any left; `isShort`: there are no more. */
  | {
      readonly do: 'parcel'
      readonly nth: number
      readonly quantity: number
      readonly isShort: boolean
      readonly isShipped: boolean
    }
  /** What becomes of a parcel. */
  | { readonly do: 'parcel becomes'; readonly nth: number; readonly to: 'shipped' | 'canceled' | 'delivered' }
  /** A unit comes back, from the request to the goods. */
  | { readonly do: 'send back'; readonly nth: number; readonly condition: 'resellable' | 'damaged' }
  | { readonly do: 'adjust'; readonly product: number; readonly quantity: number; readonly key: number }
  | MoneyStep
  | CartStep

export type MoneyStep =
  | (WayToPay & { readonly do: 'pay'; readonly nth: number; readonly key: number })
  | {
      readonly do: 'refund'
      readonly nth: number
      readonly key: number
      readonly times: number
      readonly percent: number
    }
  | { readonly do: 'cancel and keep'; readonly nth: number }

/** The steps of operators, and of strangers who can reach the broker. */
export type DeskStep =
  | { readonly do: 'publish poison'; readonly what: Poison; readonly times: number }
  | { readonly do: 'requeue' | 'discard'; readonly nth: number }

export type ProcessStep =
  | {
      readonly do: 'crash' | 'stop' | 'stall' | 'slow' | 'cut off' | 'step the clock' | 'lose the locks'
      readonly process: string
      readonly ms: number
    }
  /** Strikes as often, as soon as there is something to strike. */
  | {
      readonly do: (typeof processFaults | typeof seamFaults)[number]
      readonly process: string
      readonly times: number
    }

export type SystemStep =
  | { readonly do: 'database away' | 'broker away' | 'stream full' | 'reorder'; readonly ms: number }
  | { readonly do: (typeof brokerFaults)[number] }
  | { readonly do: (typeof providerFaults)[number]; readonly ms: number }

export type Step = ClientStep | DeskStep | ProcessStep | SystemStep

export type Poison = 'not JSON' | 'no id' | 'unknown order' | 'unknown product'

export const processFaults = [
  'crash before an effect',
  'crash after an effect',
  'lost answer',
  'failed call',
  'bug',
  'dropped acknowledgement',
  'late acknowledgement',
  'lost publish answer',
  'refused publication',
  'lost wake-up',
] as const

/** Deaths of an order process between what another service has done and its own note of it. */
export const seamFaults = [
  'crash after a lock',
  'crash after a redemption',
  'crash after a first payment',
  'crash after a cart was told',
] as const

export const brokerFaults = [
  'wipe the store',
  'keep a copy',
  'put the copy back',
  'restart the broker',
  'delete a stream',
  'delete the consumers',
  'redeliver everything',
] as const

export const providerFaults = [
  'provider away',
  'provider fails',
  'provider hangs',
  'webhooks spoiled',
] as const

export type Planned = { readonly at: number; readonly step: Step }
export type Plan = readonly Planned[]

/** The functions that carry out the steps. */
export type Actors = {
  readonly client: (step: ClientStep) => void
  readonly desk: (step: DeskStep) => void
  readonly process: (step: ProcessStep) => void
  readonly system: (step: SystemStep) => void
}

export function act(actors: Actors, step: Step): void {
  if (isOneOf(clientSteps, step)) actors.client(step as ClientStep)
  else if (isOneOf(deskSteps, step)) actors.desk(step as DeskStep)
  else if ('process' in step) actors.process(step)
  else actors.system(step as SystemStep) // only system steps are left
}

const clientSteps: readonly ClientStep['do'][] = [
  ...(['place', 'repeat', 'cancel', 'advance', 'adjust'] as const),
  ...(['parcel', 'parcel becomes', 'send back'] as const),
  ...(['pay', 'refund', 'cancel and keep'] as const),
  ...cartStepKinds,
]
const deskSteps: readonly DeskStep['do'][] = ['publish poison', 'requeue', 'discard']
const isOneOf = (kinds: readonly string[], step: Step): boolean => kinds.includes(step.do)
