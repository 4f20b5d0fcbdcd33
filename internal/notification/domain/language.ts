export const languages = ['en', 'de'] as const

export type Language = (typeof languages)[number]

export const isLanguage = (text: string): text is Language => languages.some((each) => each === text)
