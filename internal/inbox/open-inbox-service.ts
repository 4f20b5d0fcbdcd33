import { listenError } from '../platform/listen-error.ts'
import type { Log } from '../platform/log.ts'
import type { Scope } from '../platform/run.ts'
import { serveInbox } from './infrastructure/inbox-http.ts'
import { openMailFolder } from './infrastructure/mail-folder.ts'
import { listenForMail } from './infrastructure/mail-listener.ts'

export type InboxSettings = {
  readonly host: string
  /** Of the page. */
  readonly port: number
  readonly smtpPort: number
  /** The folder of its mails. */
  readonly dir: string
}

const megabyte = 1_048_576
const mostBytesOfMail = 10 * megabyte
/** More than anybody looks through, and little enough to be listed in one answer. */
const limits = { mostMails: 500, mostBytes: 50 * megabyte }

/** Opens a mail server that sends nothing on but shows what it gets. Answers with the address of its page. */
export async function openInbox(scope: Scope, log: Log, settings: InboxSettings): Promise<string> {
  const { host, port, smtpPort, dir } = settings
  const folder = await openMailFolder(dir, limits)
  await listenForMail(scope, log, folder, { host, port: smtpPort, mostBytesOfMail }).catch((err: unknown) => {
    throw listenError(err, { host, port: smtpPort, ...names, portSetting: 'INBOX_SMTP_PORT' })
  })
  return serveInbox(scope, log, folder, { host, port }).catch((err: unknown) => {
    throw listenError(err, { host, port, ...names })
  })
}

const names = { hostSetting: 'INBOX_HOST', portSetting: 'INBOX_PORT' }
