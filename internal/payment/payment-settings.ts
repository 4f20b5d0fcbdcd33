import { shopNameSetting } from '../platform/common-settings.ts'
import { flag, integer, oneOf, plain, text, type Setting } from '../platform/settings.ts'

export const paymentSettings = {
  capture: oneOf(
    'PAYMENT_CAPTURE',
    ['at-once', 'shipment'],
    'at-once',
    'When authorized money is taken: at once, or when the first parcel is packed. Methods that take it at once always do.',
  ),
  hasInvoice: flag(
    'PAYMENT_INVOICE',
    true,
    'Offers payment by invoice: staff record what has come to the bank.',
  ),
  attemptsPerHour: integer(
    'PAYMENT_ATTEMPTS_PER_HOUR',
    30,
    { min: 1, max: 100_000 },
    'The most payments that one account, or one address, may begin in an hour, against the testing of stolen cards.',
  ),
  revivalWaitSeconds: integer(
    'LATE_MONEY_WAIT_SECONDS',
    300,
    { min: 0, max: 86_400 },
    'How long money that comes for an expired order waits for the order to be revived before it goes back.',
  ),
  shopName: shopNameSetting,
  shopAddress: text(
    'SHOP_ADDRESS',
    '',
    "The seller's address on receipts and credit notes, its lines separated by \\n.",
  ),
  shopTaxId: text('SHOP_TAX_ID', '', "The seller's tax number on receipts and credit notes."),
  receiptSeries: series(
    'RECEIPT_SERIES',
    'R',
    'What the numbers of receipts begin with, such as `R` for R-000001. Numbers have no gaps within a series, and a new ' +
      'series begins at 1.',
  ),
  creditNoteSeries: series('CREDIT_NOTE_SERIES', 'C', 'The same for credit notes.'),
} as const

function series(variable: string, fallback: string, about: string): Setting<string> {
  return {
    ...plain,
    ...{ variable, about, fallback, example: fallback },
    expected: '1 to 20 letters, digits, slashes and dashes',
    parse: (value) => (/^[A-Za-z0-9/-]{1,20}$/.test(value) ? value : undefined),
  }
}
