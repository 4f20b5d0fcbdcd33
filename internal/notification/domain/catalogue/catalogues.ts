import type { Language } from '../language.ts'
import type { Catalogue } from './catalogue.ts'
import { de } from './de.ts'
import { en } from './en.ts'

export const catalogues: Readonly<Record<Language, Catalogue>> = { en, de }
