import MailComposer from 'nodemailer/lib/mail-composer'
import type { Mail } from '../../application/ports.ts'
import type { MailSender } from '../../domain/mail-sender.ts'

/**
 * The mail as bytes. Its Message-ID is made of the delivery's id, so that a mail that staff send again is recognised by
 * those who got the first one.
 */
export async function messageOf(mail: Mail, from: MailSender): Promise<Buffer> {
  const { to, subject, text, html, attachments, unsubscribeUrl } = mail
  const composer = new MailComposer({
    from: { name: from.name, address: from.address },
    to: { name: to.name, address: to.email },
    messageId: `<${mail.id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    ...{ subject, text, html },
    attachments: attachments.map(({ filename, contentType, content }) => {
      return { filename, contentType, content: Buffer.from(content) }
    }),
    headers: {
      // Nobody's out-of-office answer is wanted.
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl === undefined
        ? {}
        : {
            'List-Unsubscribe': `<${unsubscribeUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
    },
    // Whatever a text looks like, no file and no address is read for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}
