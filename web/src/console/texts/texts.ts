import { showLanguage, type Language } from '../../shared/language.ts'
import { store, useStore } from '../../shared/store.ts'
import { en, type Texts } from './en.ts'

const texts = store<Texts>(en)

export const useTexts = (): Texts => useStore(texts)

/** A catalogue of another language is loaded when somebody reads it. */
const catalogues: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
}

export async function speak(language: Language): Promise<void> {
  const read = await catalogues[language]()
  showLanguage(language)
  texts.set(read)
}

/** Each language by its own name. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }
