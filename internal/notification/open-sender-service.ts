import { failpoint } from '../platform/failpoint.ts'
import type { Log } from '../platform/log.ts'
import type { Scope } from '../platform/run.ts'
import { createSignal, type Signal } from '../platform/signal.ts'
import type { Made } from './application/made.ts'
import { pace } from './application/pace.ts'
import type { Carrier, Deliveries } from './application/ports.ts'
import { sendDue, type SendDeps } from './application/send-due.ts'
import type { Delivery } from './domain/delivery.ts'
import { channels, type Channel } from './domain/kinds.ts'
import { mailSender } from './domain/mail-sender.ts'
import { runSender } from './infrastructure/run-sender.ts'
import { slackWebhook } from './infrastructure/slack-webhook.ts'
import { smtpAddress } from './infrastructure/smtp/smtp-address.ts'
import { smtpMailServer } from './infrastructure/smtp/smtp-mail-server.ts'
import { twilioMessages, type TwilioAccount } from './infrastructure/twilio-messages.ts'

export type SenderOptions = {
  readonly log: Log
  readonly smtpUrl: string
  readonly mailFrom: string
  readonly mailsPerSecond: number
  readonly smtpTimeoutMs: number
  readonly slackWebhookUrl: string
  readonly notifyBy: readonly Channel[]
  readonly twilioAccountSid: string
  readonly twilioAuthToken: string
  readonly twilioFrom: string
  readonly twilioUrl: string
}

type Sending = {
  readonly deliveries: Deliveries
  readonly make: (delivery: Delivery) => Promise<Made>
  readonly hasMail: boolean
  readonly now: () => Date
}

export type OpenedSenders = {
  readonly wake: () => void
  /** What is wrong with mails, empty when nothing is. Undefined: nobody gets mails. */
  readonly mail: (() => string) | undefined
  readonly hasSms: boolean
}

/** Messages that are sent at the same time. Each sender has a connection of its own. */
const senders = 3
const smsSenders = 2

/** Those who send by the same channels. */
type Lane = Pick<SendDeps, 'channels' | 'carriers'> & {
  readonly name: string
  readonly senders: number
}

/** Starts those that send what is due, where there is anybody to send it to. They run until the scope closes. */
export function openSenders(scope: Scope, options: SenderOptions, sending: Sending): OpenedSenders {
  const failures = new Map<Signal, string | undefined>()
  const lanes = lanesOf(scope, options, sending)
  const signals = lanes.flatMap((lane) => {
    const isMail = lane.carriers.email !== undefined
    return openLane(scope, options, sending, lane, (signal, failure) => {
      if (isMail) failures.set(signal, failure)
    })
  })
  const fault = (): string => [...failures.values()].find((failure) => failure !== undefined) ?? ''
  return {
    wake: () => signals.forEach((signal) => signal.notify()),
    mail: sending.hasMail ? fault : undefined,
    hasSms: lanes.some(({ carriers }) => carriers.sms !== undefined),
  }
}

/**
 * Text messages have senders of their own, so that a Twilio that does not answer holds up no mail. What is to go by a
 * channel that is off is left to the others, which skip it.
 */
function lanesOf(scope: Scope, options: SenderOptions, { hasMail }: Sending): readonly Lane[] {
  const { slackWebhookUrl } = options
  const twilio = twilioOf(options)
  const carriers = {
    ...(hasMail ? { email: mailServer(scope, options) } : {}),
    ...(slackWebhookUrl === '' ? {} : { slack: slackWebhook(scope, slackWebhookUrl) }),
  }
  const mails = { name: 'mail sender', channels, carriers, senders }
  if (!twilio) return Object.keys(carriers).length > 0 ? [mails] : []
  const sms = { sms: twilioMessages(scope, twilio) }
  return [
    { ...mails, channels: channels.filter((channel) => channel !== 'sms') },
    { name: 'sms sender', channels: ['sms'], carriers: sms, senders: smsSenders },
  ]
}

/** Undefined: nobody gets text messages. */
function twilioOf(options: SenderOptions): TwilioAccount | undefined {
  const { twilioAccountSid: sid, twilioAuthToken: authToken, twilioFrom: from, twilioUrl } = options
  if (sid === '' || !options.notifyBy.includes('sms')) return undefined
  return { sid, authToken, from, url: twilioUrl || 'https://api.twilio.com' }
}

function openLane(
  scope: Scope,
  { log, mailsPerSecond, smtpTimeoutMs }: SenderOptions,
  { deliveries, make, now }: Sending,
  lane: Lane,
  onRound: (signal: Signal, failure: string | undefined) => void,
): readonly Signal[] {
  const report = (what: string, details: Readonly<Record<string, unknown>>): void => log.warn(details, what)
  // A mail has an answer, or its connection is closed, after one timeout; the rest is for the database.
  const leaseMs = 3 * smtpTimeoutMs
  const send = sendDue({
    pace: pace(mailsPerSecond, now),
    ...{ channels: lane.channels, carriers: lane.carriers },
    ...{ deliveries, make, leaseMs, now, failpoint, report },
  })
  const nextDue = () => deliveries.nextDue(lane.channels)
  const signals = Array.from({ length: lane.senders }, createSignal)
  for (const signal of signals) {
    const stop = new AbortController()
    const told = (failure: string | undefined): void => onRound(signal, failure)
    const loop = runSender({ send, nextDue, signal, now, log, onRound: told }, stop.signal)
    scope.watch(lane.name, loop)
    scope.onClose(lane.name, async () => {
      stop.abort()
      await loop
    })
  }
  return signals
}

function mailServer(scope: Scope, { smtpUrl, mailFrom, smtpTimeoutMs: timeoutMs }: SenderOptions): Carrier {
  const from = mailSender(mailFrom)
  if (!from) throw new Error('MAIL_FROM was not checked')
  return smtpMailServer(scope, { address: smtpAddress(smtpUrl), from, timeoutMs })
}
