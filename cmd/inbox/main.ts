import path from 'node:path'
import { inboxSettings, usualInboxPort, usualInboxSmtpPort } from '../../internal/config/inbox-settings.ts'
import { localSettings } from '../../internal/config/local-settings.ts'
import { ConfigError, readEnvironment } from '../../internal/config/read-settings.ts'
import { openInbox } from '../../internal/inbox/open-inbox-service.ts'
import { commonSettings } from '../../internal/platform/common-settings.ts'
import { createLog } from '../../internal/platform/log.ts'
import { run } from '../../internal/platform/run.ts'

// It stands in for a mail server, so it is a process of its own and knows nothing of the services.

const noInbox =
  'MAIL_INBOX must be true for the inbox to run: NODE_ENV is production, and it shows the mails of everybody'

const { nodeEnv, logLevel } = commonSettings
const { dataDir } = localSettings
const settings = settingsOrExit()
const log = createLog('inbox', settings.logLevel === 'default' ? 'info' : settings.logLevel)
await run(
  log,
  async (scope) => {
    const url = await openInbox(scope, log, {
      host: settings.inboxHost,
      port: settings.inboxPort || usualInboxPort,
      smtpPort: settings.inboxSmtpPort || usualInboxSmtpPort,
      dir: settings.inboxDir || path.join(settings.dataDir, 'inbox', 'mails'),
    })
    log.info({ url }, 'listening')
  },
  { explain: (err) => (err instanceof Error && err.name === 'ListenError' ? err.message : undefined) },
)

function settingsOrExit() {
  try {
    const read = readEnvironment({ ...inboxSettings, nodeEnv, logLevel, dataDir })
    if (read.nodeEnv === 'production' && !read.mailInbox) throw new ConfigError([noInbox])
    return read
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err
    process.stderr.write(`${err.message}\n`)
    process.exit(1)
  }
}
