import { readStackFile } from '../../config/stack-file.ts'
import type { InboxMail } from '../../inbox/domain/mail.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Shop } from './shop.ts'

/** The inbox of a running stack, as a test reads it. */
export async function mailboxOf(shop: Pick<Shop, 'env'>) {
  const { inboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR ?? '')) ?? {}
  return mailboxAt(inboxUrl)
}

/** The inbox that has this page. */
export function mailboxAt(url: string) {
  const all = async (): Promise<readonly InboxMail[]> => {
    return (await (await fetch(`${url}/api/messages`)).json()) as readonly InboxMail[]
  }
  const to = async (email: string, subject: RegExp): Promise<readonly InboxMail[]> =>
    (await all()).filter((mail) => mail.to.includes(email) && subject.test(mail.subject))
  return {
    url,
    all,
    to,
    /** Waits for the mail, and fails when there are two. */
    async only(email: string, subject: RegExp): Promise<InboxMail> {
      const [mail, ...more] = await eventually(`a mail ${String(subject)} to ${email}`, async () => {
        const found = await to(email, subject)
        return found.length > 0 && found
      })
      if (!mail || more.length > 0) throw new Error(`there are ${more.length + 1} mails ${String(subject)}`)
      return mail
    },
  }
}
