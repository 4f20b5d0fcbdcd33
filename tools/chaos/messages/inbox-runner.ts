import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../internal/local/system.ts'
import type { Scope } from '../../../internal/platform/run.ts'
import type { Runner } from '../runner-port.ts'
import { openStandIn } from '../stand-in.ts'

export type Inbox = Runner & {
  readonly smtpUrl: string
  /** The Message-ID of each mail that was ever there, as often as it came. Looks once more before it answers. */
  readonly messageIds: () => Promise<readonly string[]>
}

/** The inbox keeps the newest 500 mails, so they are looked at as they come. */
const lookEveryMs = 500

/** Runs the inbox, which stands in for a mail server and for everybody's mailbox. Its mails survive its death. */
export async function openInbox(
  scope: Scope,
  { dir, searchPath }: { readonly dir: string; readonly searchPath: string },
): Promise<Inbox> {
  const [port, smtpPort] = [await freePort(), await freePort()]
  const mails = path.join(dir, 'inbox')
  const env = {
    ...{ PATH: searchPath, LOG_LEVEL: 'info', INBOX_DIR: mails },
    ...{ INBOX_PORT: String(port), INBOX_SMTP_PORT: String(smtpPort) },
  }
  const [url, logFile] = [`http://127.0.0.1:${port}`, path.join(dir, 'inbox.log')]
  const runner = await openStandIn(scope, { name: 'inbox', logFile, url, env })
  const messageIds = watchFolder(scope, mails)
  return { ...runner, smtpUrl: `smtp://127.0.0.1:${smtpPort}`, messageIds }
}

function watchFolder(scope: Scope, dir: string): Inbox['messageIds'] {
  const seen = new Map<string, string>()
  const look = async (): Promise<void> => {
    const files = (await readdir(dir)).filter((name) => name.endsWith('.mail') && !seen.has(name))
    for (const file of files) seen.set(file, messageIdIn(await readFile(path.join(dir, file), 'utf8')))
  }
  const stop = new AbortController()
  const watching = (async () => {
    while (!stop.signal.aborted) {
      await look()
      await sleep(lookEveryMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  })()
  scope.watch('inbox', watching)
  scope.onClose('watch of the inbox', async () => stop.abort())
  return async () => {
    await look()
    return [...seen.values()]
  }
}

/** The files are the inbox's own; a mail is in one of them in base64. */
function messageIdIn(file: string): string {
  const { raw } = JSON.parse(file) as { readonly raw: string }
  const head = Buffer.from(raw, 'base64').toString('latin1')
  return /^message-id: <([^@>]*)/im.exec(head)?.[1] ?? ''
}
