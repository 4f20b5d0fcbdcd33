import type { Once, Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { FileChange, OrderFile } from '../domain/order-file.ts'
import type { OrderId } from '../domain/order.ts'
import type { Return, ReturnId } from '../domain/goods-back.ts'
import type { Shipment, ShipmentId } from '../domain/parcel.ts'

export type FileUpdate = {
  readonly id: OrderId
  readonly trace: Trace
  /** The request's key is stored with this: the shipment or the return that it has made. */
  readonly once?: Once | undefined
  readonly thing?: string
  /** The same where the file after the change decides; undefined: the key is not stored yet. */
  readonly thingOf?: (file: OrderFile) => string | undefined
  /** Gets the file while nobody else can change it, and returns its change, or undefined when there is nothing to do. */
  readonly decide: (file: OrderFile) => FileChange | undefined
}

/** A return whose goods the inventory has not booked yet. */
export type UnbookedReturn = { readonly return: Return; readonly trace: Trace }

/**
 * Orders with their shipments and returns. A change stores all of them and their events in one transaction, and raises the
 * order's revision: whoever has decided on the order as it was before decides again.
 */
export type OrderFiles = {
  readonly find: (id: OrderId) => Promise<OrderFile | undefined>
  readonly findByShipment: (id: ShipmentId) => Promise<OrderFile | undefined>
  readonly findByReturn: (id: ReturnId) => Promise<OrderFile | undefined>
  /** The shipment or the return that the same request has made. Refuses a key that was used with another request. */
  readonly findThing: (once: Once) => Promise<string | undefined>
  /**
   * Returns the file after the update; undefined: there is no such order. Refused with order.place-taken where the order
   * would be one of two of which there may be one.
   */
  readonly update: (update: FileUpdate) => Promise<OrderFile | undefined>
  /** Returns received before this time whose goods are not booked, oldest first. */
  readonly unbookedSince: (before: Date, limit: number) => Promise<readonly UnbookedReturn[]>
  readonly markBooked: (ids: readonly ReturnId[]) => Promise<void>
  /** Orders with shipments or returns of which the payments have had to be told since before this time. */
  readonly uncreditedSince: (before: Date, limit: number) => Promise<readonly OrderId[]>
  /** Leaves out those that have changed since this version. */
  readonly markCredited: (seen: {
    readonly shipments: readonly Pick<Shipment, 'id' | 'version'>[]
    readonly returns: readonly Pick<Return, 'id' | 'version'>[]
  }) => Promise<void>
  /** Parcels for which goods have been waited for since before this time, longest first. */
  readonly resendingSince: (before: Date, limit: number) => Promise<readonly ShipmentId[]>
  /** Orders that have been closing since before this time, longest first. */
  readonly closingSince: (before: Date, limit: number) => Promise<readonly OrderId[]>
  /** Confirmed orders whose hold has ended by now and that are not closing, longest first. */
  readonly heldTooLong: (now: Date, limit: number) => Promise<readonly OrderId[]>
  /**
   * Orders that have been reviving since before this time, and expired ones whose money is there and that were not tried
   * with it, longest first.
   */
  readonly toRevive: (before: Date, now: Date, limit: number) => Promise<readonly OrderId[]>
  /** Orders that an earlier version has shipped without a shipment. */
  readonly withoutShipments: (limit: number) => Promise<readonly OrderId[]>
}

export const placeTaken = (): Refusal =>
  new Refusal('conflict', 'order.place-taken', 'another order has taken the place of this one')
