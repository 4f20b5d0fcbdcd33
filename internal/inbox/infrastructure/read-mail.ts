import PostalMime from 'postal-mime'
import type { InboxMail } from '../domain/mail.ts'

/** A mail as it came. */
export type RawMail = {
  readonly id: string
  readonly from: string
  readonly to: readonly string[]
  readonly receivedAt: string
  readonly raw: Buffer
}

export async function readMail({ id, from, to, receivedAt, raw }: RawMail): Promise<InboxMail> {
  const { subject = '', text = '', html = '', attachments, headers } = await PostalMime.parse(raw)
  return {
    ...{ id, from, to, subject, text, html, receivedAt, size: raw.length },
    attachments: attachments.map(({ filename, mimeType, content }) => {
      const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content))
      return {
        ...{ filename: filename ?? 'attachment', contentType: mimeType, size: bytes.length },
        content: bytes.toString('base64'),
      }
    }),
    headers: headers.map(({ key, value }) => ({ name: key, value })),
  }
}
