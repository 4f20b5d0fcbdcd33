import { flag, integer, oneOf } from '../platform/settings.ts'

export const paymentSettings = {
  capture: oneOf(
    'PAYMENT_CAPTURE',
    ['at-once', 'shipment'],
    'at-once',
    'When authorized money is taken: at once, or when the parcel leaves. Methods that take it at once always do.',
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
} as const
