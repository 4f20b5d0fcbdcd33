/** The words of one text message, and what is added in this order as long as it fits. */
export type Sms = { readonly words: string; readonly extras: readonly string[] }

/** The signs of GSM 03.38, each of which is seven bits, and those that take two places. */
const gsmSigns = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
    '¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const gsmPairs = new Set('\f^{}\\[~]|€')
const mostGsm = 160
/** With any other sign the whole message is written in UTF-16. */
const mostUtf16 = 70

/** Whether it is sent, and paid for, as one message. A longer one is sent in parts that phones put together. */
export function fitsOneSms(text: string): boolean {
  const signs = Array.from(text)
  if (!signs.every((sign) => gsmSigns.has(sign) || gsmPairs.has(sign))) return text.length <= mostUtf16
  return signs.length + signs.filter((sign) => gsmPairs.has(sign)).length <= mostGsm
}

/** What typesetters and `Intl` write for signs that each phone has. */
const plainSigns: readonly (readonly [RegExp, string])[] = [
  [/[\u00a0\u2007\u2009\u202f]/g, ' '],
  [/[\u2018\u2019\u201a]/g, "'"],
  [/[\u201c\u201d\u201e]/g, '"'],
  [/[\u2010-\u2015]/g, '-'],
  [/\u2026/g, '...'],
]

const plain = (text: string): string =>
  plainSigns.reduce((written, [signs, sign]) => written.replace(signs, sign), text.normalize('NFC'))

/** The whole message. It begins with who sends it, because a number tells nobody. */
export function smsText({ words, extras }: Sms, shopName: string): string {
  return extras
    .filter((extra) => extra !== '')
    .reduce(
      (text, extra) => {
        const longer = `${text} ${plain(extra)}`
        return fitsOneSms(longer) ? longer : text
      },
      plain(`${shopName}: ${words}`),
    )
}
