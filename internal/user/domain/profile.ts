import { Refusal } from '../../platform/refusal.ts'

/** What people tell about themselves. An empty text means that they told nothing. */
export type Profile = { readonly name: string; readonly phone: string; readonly address: string }

/** In characters: enough for real texts, and small enough to keep a profile small. */
const maxLength: Readonly<Record<keyof Profile, number>> = { name: 200, phone: 50, address: 1_000 }

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

function parseText(field: keyof Profile, text: string): string {
  // PostgreSQL stores neither NUL nor half of a surrogate pair.
  if (text.length > maxLength[field] || /\0|\p{Surrogate}/u.test(text)) {
    throw new Refusal(
      'invalid',
      `user.${field}-invalid`,
      `${field} is a text of at most ${maxLength[field]} characters`,
    )
  }
  return text
}
