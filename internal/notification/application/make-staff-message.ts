import { catalogues } from '../domain/catalogue/catalogues.ts'
import type { Delivery } from '../domain/delivery.ts'
import { isStaffKind } from '../domain/kinds.ts'
import type { Language } from '../domain/language.ts'
import { asBrief, asHtml, asText, text } from '../domain/letter.ts'
import type { Made } from './made.ts'

type Deps = {
  readonly staffEmail: string
  readonly defaultLanguage: Language
  readonly shopName: string
}

/** A message to those who run the shop: a mail, or its words alone where the channel is none of mails. */
export function makeStaffMessage({ staffEmail, defaultLanguage, shopName }: Deps) {
  const { greeting, closing, reason, staff } = catalogues[defaultLanguage]
  const frame = {
    ...{ language: defaultLanguage, greeting: greeting(''), closing: closing(shopName) },
    footer: [text(reason.staff(shopName))],
  }
  return async ({ id, kind, channel, refs }: Delivery): Promise<Made> => {
    if (!isStaffKind(kind)) throw new Error(`a message ${kind} is none for staff`)
    const letter = staff[kind](refs)
    const words =
      channel === 'email'
        ? { text: asText(letter, frame), html: asHtml(letter, frame) }
        : { text: asBrief(letter), html: '' }
    return {
      mail: {
        ...{ id, to: { email: staffEmail, name: '', phone: '' }, subject: letter.subject, ...words },
        ...{ attachments: [], unsubscribeUrl: undefined },
      },
    }
  }
}
