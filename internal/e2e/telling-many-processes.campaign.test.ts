import t from 'tap'
import { freePort } from '../local/system.ts'
import { mailboxAt } from './testing/mailbox.ts'
import { mailsSuite } from './testing/mails-suite.ts'
import { payingAt } from './testing/paying.ts'
import { openManyAtSandbox } from './testing/sandbox.ts'
import { spawnMain } from './testing/spawned.ts'
import { tellingSettings, tellingSuite } from './testing/telling-suite.ts'

// The same in many processes, with the inbox and the payment sandbox in processes of their own.

t.setTimeout(600_000)
const [inboxPort, smtpPort] = [await freePort(), await freePort()]
const { shop, sandbox } = await openManyAtSandbox(t, {
  ...{ ...tellingSettings, SMTP_URL: `smtp://127.0.0.1:${smtpPort}` },
  ...{ INBOX_PORT: String(inboxPort), INBOX_SMTP_PORT: String(smtpPort) },
})
await spawnMain(t, 'cmd/inbox', shop.env).says(/"msg":"listening"/)
const mailbox = mailboxAt(`http://127.0.0.1:${inboxPort}`)
mailsSuite(t, { shop, mailbox })
tellingSuite(t, { shop, mailbox, paying: await payingAt(shop, sandbox.url) })
