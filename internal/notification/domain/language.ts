export const languages = ['en', 'de'] as const

export type Language = (typeof languages)[number]

export const isLanguage = (text: string): text is Language => languages.some((each) => each === text)

const units = [
  ['day', 1_440],
  ['hour', 60],
  ['minute', 1],
] as const

/** A time in words, such as "3 days", in the largest unit of which there are two. */
export function lasting(minutes: number, language: Language): string {
  const [unit, size] = units.find(([, size]) => minutes >= 2 * size) ?? ['minute', 1]
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(Math.round(minutes / size))
}
