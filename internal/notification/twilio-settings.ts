import { plain, secret, url, type Setting, type ValuesOf } from '../platform/settings.ts'
import { asE164 } from './domain/phone-number.ts'

/** The settings of text messages, which the notification service declares among its own. */
export const twilioSettings = {
  twilioAccountSid: matching(
    'TWILIO_ACCOUNT_SID',
    (value) => /^AC[0-9a-f]{32}$/.test(value),
    'AC and 32 hexadecimal digits',
    'The account at Twilio by which customers get text messages. Empty: nobody gets any.',
  ),
  twilioAuthToken: secret('TWILIO_AUTH_TOKEN', { minBytes: 8 }, 'The auth token of that account.'),
  twilioFrom: matching(
    'TWILIO_FROM',
    isSender,
    'a number such as +15005550006, up to 11 letters and digits, or MG and 32 hexadecimal digits',
    'From whom text messages come: a number of the account, a name of letters where the country allows it, or a messaging service.',
  ),
  twilioUrl: url(
    'TWILIO_URL',
    ['https:', 'http:'],
    "The address of Twilio's API. Empty: https://api.twilio.com.",
  ),
} as const

function matching(
  variable: string,
  isRight: (value: string) => boolean,
  expected: string,
  about: string,
): Setting<string> {
  return {
    ...plain,
    ...{ variable, about, expected, fallback: '', example: '' },
    parse: (value) => (isRight(value) ? value : undefined),
  }
}

function isSender(value: string): boolean {
  const isName = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(value)
  return isName || asE164(value) === value || /^MG[0-9a-f]{32}$/.test(value)
}

/** What is wrong with these settings together: an account needs all of them. */
export function twilioContradictions({
  twilioAccountSid: sid,
  twilioAuthToken,
  twilioFrom,
}: Omit<ValuesOf<typeof twilioSettings>, 'twilioUrl'>): readonly string[] {
  if (sid === '') return []
  return Object.entries({ TWILIO_AUTH_TOKEN: twilioAuthToken, TWILIO_FROM: twilioFrom })
    .filter(([, value]) => value === '')
    .map(([variable]) => `${variable} must be set where TWILIO_ACCOUNT_SID is`)
}
