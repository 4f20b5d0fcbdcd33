import { language } from './language.ts'

/** The reader's own region where it speaks the language of the page: `en-GB` writes dates as `en` does not. */
function locale(): string {
  const now = language.get()
  return navigator.languages.find((tag) => tag.split('-')[0] === now) ?? now
}

export const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat(locale(), { style: 'currency', currency }).format(amount)

export const day = (at: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(new Date(at))

/** Of a date without a time, such as 2026-11-02: the same day wherever it is read. */
export const date = (text: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(text))

/** The day and the month of a date, where the year goes without saying. */
export const shortDate = (text: string): string =>
  new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(text),
  )

export const moment = (at: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))

export const number = (value: number): string => new Intl.NumberFormat(locale()).format(value)

export const percent = (value: number): string =>
  new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 2 }).format(value / 100)

export function countryName(code: string): string {
  return new Intl.DisplayNames([locale()], { type: 'region' }).of(code) ?? code
}

/** To the second, for those who look for what came first. */
export const instant = (at: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at))

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** How long ago, or in how long: `5 minutes ago`, `in 2 days`. */
export function distance(at: string): string {
  const seconds = (Date.parse(at) - Date.now()) / 1_000
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const)
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.round(seconds / size), unit)
}
