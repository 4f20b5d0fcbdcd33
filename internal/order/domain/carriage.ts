import { Refusal } from '../../platform/refusal.ts'
import { isAtMost, isStorable, isStorableLine, textLengths, tidy } from '../../platform/text.ts'
import { maxLineQuantity, maxOrderLines } from './place.ts'
import type { ReceivedUnits, WantedReturn } from './return.ts'
import type { Carriage } from './parcel.ts'
import type { WantedUnits } from './shipment.ts'

// What staff and customers write about parcels and returns.

export function parseCarriage({ carrier, trackingNumber, trackingUrl }: Carriage): Carriage {
  const parsed = {
    carrier: tidy(carrier),
    trackingNumber: tidy(trackingNumber),
    trackingUrl: tidy(trackingUrl),
  }
  for (const [field, max] of [
    ['carrier', textLengths.carrier],
    ['trackingNumber', textLengths.carrier],
    ['trackingUrl', textLengths.imageUrl],
  ] as const) {
    if (isAtMost(parsed[field], max) && isStorableLine(parsed[field])) continue
    throw invalid(field, `${field} must be text of at most ${max} characters`)
  }
  // Customers follow it, so it must not be a script.
  if (parsed.trackingUrl !== '' && !/^https?:\/\/\S+$/.test(parsed.trackingUrl))
    throw invalid('trackingUrl', 'trackingUrl must begin with http:// or https://')
  return parsed
}

export function parseUnits(lines: readonly WantedUnits[]): readonly WantedUnits[] {
  refuseTooMany(lines)
  for (const { quantity, isShort } of lines) refuseQuantity(quantity, isShort ? 0 : 1)
  if (lines.every(({ quantity }) => quantity === 0))
    throw new Refusal('invalid', 'shipment.empty', 'a shipment has at least one unit; else cancel the order')
  return lines
}

export function parseWantedReturn(lines: readonly WantedReturn[]): readonly WantedReturn[] {
  refuseTooMany(lines)
  return lines.map(({ lineId, quantity, reason }) => {
    refuseQuantity(quantity, 1)
    const why = tidy(reason)
    if (isAtMost(why, textLengths.reason) && isStorable(why)) return { lineId, quantity, reason: why }
    throw invalid('reason', `reason must be text of at most ${textLengths.reason} characters`)
  })
}

export function parseReceived(lines: readonly ReceivedUnits[]): readonly ReceivedUnits[] {
  if (lines.length > 0) refuseTooMany(lines)
  for (const { quantity } of lines) refuseQuantity(quantity, 0)
  return lines
}

/** A line may be received in two conditions. */
function refuseTooMany(lines: readonly unknown[]): void {
  if (lines.length > 0 && lines.length <= 2 * maxOrderLines) return
  throw new Refusal('invalid', 'order.no-lines', `name one to ${maxOrderLines} lines of the order`)
}

function refuseQuantity(quantity: number, least: number): void {
  if (Number.isSafeInteger(quantity) && quantity >= least && quantity <= maxLineQuantity) return
  throw new Refusal('invalid', 'order.invalid-quantity', `a quantity is a whole number from ${least}`)
}

const invalid = (field: string, message: string): Refusal =>
  new Refusal('invalid', 'shipment.invalid', message, { field })
