import { Refusal } from '../../platform/refusal.ts'
import { textLengths } from '../../platform/text.ts'
import { parseCountry, parseLine, patched, requireVersion, type Patch } from './fields.ts'
import { wholePpm, type TaxRate, type TaxRateId } from './rules.ts'

export type TaxRateInput = {
  readonly country: string
  readonly region: string | undefined
  readonly category: string | undefined
  readonly ratePpm: number
}

export type TaxRatePatch = {
  readonly country?: string | undefined
  readonly region?: Patch<string>
  readonly category?: Patch<string>
  readonly ratePpm?: number | undefined
}

export function createTaxRate(id: TaxRateId, input: TaxRateInput, at: Date): TaxRate {
  const bare: TaxRate = {
    ...{ id, version: 1, createdAt: at, updatedAt: at, deletedAt: undefined },
    ...{ country: '', region: undefined, category: undefined, ratePpm: 0 },
  }
  return applyPatch(bare, input)
}

export function updateTaxRate(
  rate: TaxRate,
  patch: TaxRatePatch,
  expectedVersion: number | undefined,
  at: Date,
): TaxRate {
  requireVersion(rate, expectedVersion, mismatch)
  return { ...applyPatch(rate, patch), version: rate.version + 1, updatedAt: at }
}

export function deleteTaxRate(rate: TaxRate, expectedVersion: number | undefined, at: Date): TaxRate {
  requireVersion(rate, expectedVersion, mismatch)
  return { ...rate, version: rate.version + 1, updatedAt: at, deletedAt: at }
}

export const taxRateNotFound = (): Refusal =>
  new Refusal('not-found', 'tax-rate.not-found', 'there is no such tax rate')

export const taxRateTaken = (): Refusal =>
  new Refusal('conflict', 'tax-rate.taken', 'there is a rate for this country, region and category')

function applyPatch(rate: TaxRate, { country, region, category, ratePpm }: TaxRatePatch): TaxRate {
  return {
    ...rate,
    country: country === undefined ? rate.country : parseCountry(wrong, 'country', country),
    region: patched(region, rate.region, (text) => parseLine(wrong, 'region', text, textLengths.region)),
    category: patched(category, rate.category, (text) =>
      parseLine(wrong, 'category', text, textLengths.categoryPath),
    ),
    ratePpm: ratePpm === undefined ? rate.ratePpm : parseRate(ratePpm),
  }
}

function parseRate(ratePpm: number): number {
  if (Number.isInteger(ratePpm) && ratePpm >= 0 && ratePpm <= Number(wholePpm)) return ratePpm
  throw wrong('percent', 'percent must be from 0 to 100, with at most four decimals')
}

const wrong = (field: string, message: string): Refusal =>
  new Refusal('invalid', 'tax-rate.invalid', message, { field })

const mismatch = (details: Readonly<Record<string, number>>): Refusal =>
  new Refusal('conflict', 'tax-rate.version-mismatch', 'the tax rate has changed meanwhile', details)
