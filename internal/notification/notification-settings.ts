import { publicUrlSetting, shopNameSetting } from '../platform/common-settings.ts'
import { asEmail } from '../platform/email.ts'
import { flag, integer, items, oneOf, plain, url, type Setting } from '../platform/settings.ts'
import { customerChannels, type Channel } from './domain/kinds.ts'
import { languages } from './domain/language.ts'
import { mailSender } from './domain/mail-sender.ts'
import { twilioSettings } from './twilio-settings.ts'

export const notificationSettings = {
  notifyBy: notifyBy(),
  smtpUrl: url(
    'SMTP_URL',
    ['smtp:', 'smtps:'],
    'The mail server: smtp://user:password@host:587, with TLS where the server offers it and always before a password ' +
      'is sent, or smtps://host:465. Empty: nobody gets mails. `npm start` sets it to its own inbox.',
  ),
  mailFrom: mailFrom(),
  shopUrl: url(
    'SHOP_URL',
    ['http:', 'https:'],
    'The address of the shop for its customers, where the links of mails lead. Empty: `/shop` of PUBLIC_URL, where the gateway serves a shop; `npm start` uses that of its own gateway.',
  ),
  publicUrl: publicUrlSetting,
  shopName: shopNameSetting,
  defaultLanguage: oneOf(
    'DEFAULT_LANGUAGE',
    languages,
    'en',
    'The language of messages to those who have not chosen one.',
  ),
  mailsPerSecond: integer(
    'MAILS_PER_SECOND',
    25,
    { min: 1, max: 10_000 },
    'The most mails that each process sends in a second: mail servers have limits, and each mail costs time of the machine. Those to accounts, such as password resets, go before those about orders.',
  ),
  smtpTimeoutMs: integer(
    'SMTP_TIMEOUT_MS',
    30_000,
    { min: 200, max: 300_000 },
    'How long the mail server may take for each answer. A mail whose last answer takes longer may or may not be sent.',
  ),
  staffEmail: {
    ...plain,
    ...{ variable: 'STAFF_EMAIL', fallback: '', example: '' },
    about:
      'Where those who run the shop are told of dead letters, payments that do not match, low stock and paused endpoints. Empty: they get no mails.',
    expected: 'an e-mail address',
    parse: asEmail,
  },
  slackWebhookUrl: url(
    'SLACK_WEBHOOK_URL',
    ['https:', 'http:'],
    'The incoming webhook of Slack by which those who run the shop are told of the same. Empty: nothing is told there.',
  ),
  ...twilioSettings,
  notifyWithinHours: integer(
    'NOTIFY_WITHIN_HOURS',
    24,
    { min: 1, max: 720 },
    'What happened longer ago is told to nobody by itself.',
  ),
  webhooksAllowPrivate: {
    ...flag(
      'WEBHOOKS_ALLOW_PRIVATE',
      false,
      'Whether webhooks may be sent to private addresses and without TLS. `npm start` allows both on a loopback address.',
    ),
    notInProduction: 'whoever may add webhooks could reach everything that this machine reaches',
  },
} as const

function notifyBy(): Setting<readonly Channel[]> {
  return {
    ...plain,
    variable: 'NOTIFY_BY',
    about:
      'The channels by which people are told of what happens: email, feed and sms, separated by commas, or none. With none the consumer hands no event to the notification service, and staff are told of nothing, either.',
    ...{ fallback: customerChannels, example: customerChannels.join(',') },
    expected: 'some of email, feed and sms, separated by commas, or none',
    parse(value) {
      if (value === 'none') return []
      const wanted = items(value).map((item) => customerChannels.find((channel) => channel === item))
      return wanted.every((channel) => channel !== undefined) ? wanted : undefined
    },
  }
}

function mailFrom(): Setting<string> {
  const fallback = 'Tillstream <shop@localhost>'
  return {
    ...plain,
    ...{ variable: 'MAIL_FROM', fallback, example: fallback },
    about:
      'From whom mails come. The mail server has to accept the address, and its domain to name that server.',
    expected: 'an address such as Shop <shop@example.com>',
    parse: (value) => (mailSender(value) ? value : undefined),
  }
}
