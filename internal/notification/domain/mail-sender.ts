import { asEmail } from '../../platform/email.ts'
import { isStorableLine, tidy } from '../../platform/text.ts'

export type MailSender = { readonly name: string; readonly address: string }

/** `Shop <shop@example.com>`, or the address alone; undefined when it is neither. */
export function mailSender(text: string): MailSender | undefined {
  const [, name = '', inner] = /^([^<>]*)<([^<>]+)>$/.exec(text.trim()) ?? []
  const address = asEmail(inner ?? text)
  const plainName = tidy(name).replace(/^"|"$/g, '')
  return address !== undefined && isStorableLine(plainName) ? { name: plainName, address } : undefined
}
