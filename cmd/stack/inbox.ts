import path from 'node:path'
import type { Config } from '../../internal/config/config.ts'
import { usualInboxPort, usualInboxSmtpPort } from '../../internal/config/inbox-settings.ts'
import { openLocalProgram } from '../../internal/local/local-program.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { programArgs } from './program-args.ts'
import { step } from './step.ts'

export type LocalInbox = {
  /** Of the page. */
  readonly url: string
  readonly smtpUrl: string
}

/** The mail server of the local stack: none where there is another one, where nobody gets mails, and in production. */
export async function startInbox(scope: Scope, config: Config): Promise<LocalInbox | undefined> {
  const { inbox, local, searchPath, common, isProduction, services } = config
  const { smtpUrl, notifyBy } = services.notification ?? {}
  if (smtpUrl !== '' || !(notifyBy as readonly string[]).includes('email')) return undefined
  if (isProduction && !inbox.mailInbox) return undefined
  const { url, ports } = await step('starting the inbox', () =>
    openLocalProgram(scope, {
      ...{ name: 'inbox', folder: 'inbox', dataDir: path.resolve(local.dataDir), args: programArgs('inbox') },
      ports: [
        { setting: 'INBOX_PORT', port: inbox.inboxPort, usualPort: usualInboxPort },
        { setting: 'INBOX_SMTP_PORT', port: inbox.inboxSmtpPort, usualPort: usualInboxSmtpPort },
      ],
      env: (dir) => ({
        ...{ PATH: searchPath, NODE_ENV: common.nodeEnv, MAIL_INBOX: String(inbox.mailInbox) },
        LOG_LEVEL: common.logLevel === 'default' ? 'warn' : common.logLevel,
        ...{ INBOX_HOST: '127.0.0.1', INBOX_DIR: inbox.inboxDir || path.join(dir, 'mails') },
      }),
    }),
  )
  return { url, smtpUrl: `smtp://127.0.0.1:${String(ports[1])}` }
}
