import { host } from '../platform/address-settings.ts'
import { flag, integer, text } from '../platform/settings.ts'

export const usualInboxPort = 8_025
export const usualInboxSmtpPort = 1_025

/** What the inbox reads, which stands in for a mail server and for everybody's mailbox. */
export const inboxSettings = {
  inboxHost: host(
    'INBOX_HOST',
    '127.0.0.1',
    'The address on which the inbox listens. Whoever reaches it reads the mails of everybody, also those that reset passwords.',
  ),
  inboxPort: {
    ...integer(
      'INBOX_PORT',
      0,
      { min: 0, max: 65_535 },
      "The port of the inbox's page. Empty or 0: 8025, for which `npm start` takes a free one when it is taken.",
    ),
    example: '',
  },
  inboxSmtpPort: {
    ...integer(
      'INBOX_SMTP_PORT',
      0,
      { min: 0, max: 65_535 },
      'The port on which the inbox takes mails. Empty or 0: 1025, for which `npm start` takes a free one when it is taken.',
    ),
    example: '',
  },
  inboxDir: text('INBOX_DIR', '', 'The folder in which the inbox keeps its mails. Empty: inbox in DATA_DIR.'),
  mailInbox: flag(
    'MAIL_INBOX',
    false,
    'Whether the inbox may run although NODE_ENV is production. docker-compose.yml sets it for trying.',
  ),
} as const
