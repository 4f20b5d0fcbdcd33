/** A mail as the inbox shows it. Its form is that of GET /api/messages. */
export type InboxMail = {
  readonly id: string
  /** The addresses of the envelope: who has really sent it, and to whom it has really gone. */
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  /** Empty when it has none. */
  readonly html: string
  readonly attachments: readonly InboxAttachment[]
  readonly receivedAt: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  /** In bytes, as it came. */
  readonly size: number
}

export type InboxAttachment = {
  readonly filename: string
  readonly contentType: string
  readonly size: number
  /** Base64. */
  readonly content: string
}

export type Limits = { readonly mostMails: number; readonly mostBytes: number }

/** The oldest ones that have to go, so that those that stay keep to the limits. The newest one always stays. */
export function overflow<Kept extends Pick<InboxMail, 'id' | 'size'>>(
  oldestFirst: readonly Kept[],
  { mostMails, mostBytes }: Limits,
): readonly Kept[] {
  let bytes = oldestFirst.reduce((sum, { size }) => sum + size, 0)
  let count = oldestFirst.length
  const going: Kept[] = []
  for (const mail of oldestFirst.slice(0, -1)) {
    if (count <= mostMails && bytes <= mostBytes) break
    going.push(mail)
    count--
    bytes -= mail.size
  }
  return going
}
