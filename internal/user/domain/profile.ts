import { Refusal } from '../../platform/refusal.ts'
import { isAtMost, isStorable, isStorableLine, textLengths, tidy } from '../../platform/text.ts'

/** What people tell about themselves. An empty text means that they told nothing. */
export type Profile = { readonly name: string; readonly phone: string; readonly address: string }

const maxLength: Readonly<Record<keyof Profile, number>> = {
  name: textLengths.personName,
  phone: textLengths.phone,
  address: textLengths.address,
}

/** Absent fields stay absent. */
export function parseProfile(profile: {
  readonly [Field in keyof Profile]?: string | undefined
}): Partial<Profile> {
  const fields = (['name', 'phone', 'address'] as const).flatMap((field) => {
    const text = profile[field]
    return text === undefined ? [] : [[field, parseText(field, text)] as const]
  })
  return Object.fromEntries(fields)
}

function parseText(field: keyof Profile, given: string): string {
  const text = tidy(given)
  const isFit = field === 'address' ? isStorable(text) : isStorableLine(text)
  if (!isFit || !isAtMost(text, maxLength[field])) {
    throw new Refusal(
      'invalid',
      `user.${field}-invalid`,
      `${field} is a text of at most ${maxLength[field]} characters, none of them a control character`,
    )
  }
  return text
}
