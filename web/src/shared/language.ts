import { keptStore, store } from './store.ts'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

const chosen = keptStore<Language | undefined>('language', undefined)

export const language = store<Language>(chosen.get() ?? preferred())

function preferred(): Language {
  const known = navigator.languages.map((tag) => languages.find((name) => name === tag.split('-')[0]))
  return known.find((name) => name !== undefined) ?? 'en'
}

export function showLanguage(next: Language): void {
  document.documentElement.lang = next
  language.set(next)
}

export function chooseLanguage(next: Language): void {
  chosen.set(next)
  showLanguage(next)
}
