import t from 'tap'
import { isPayable, type Method } from './payment-method.ts'

const dinars: Method = {
  id: 'card',
  name: 'Card',
  kind: 'card',
  takesToken: true,
  needsReturnUrl: true,
  isCancelable: true,
  endsAfterMs: undefined,
  processesForMs: undefined,
  captures: 'once',
  authorizationLastsMs: 1,
  limitsOf: (currency) =>
    currency === 'KWD' ? { minimumMinor: 150n, maximumMinor: 1_000n, stepMinor: 10n } : undefined,
}

t.test(
  'a method is offered from its minimum to its maximum, for amounts that its provider can write',
  (t) => {
    const payable = [149n, 150n, 151n, 160n, 1_000n, 1_010n].filter((minor) =>
      isPayable(dinars, minor, 'KWD'),
    )
    t.strictSame(payable, [150n, 160n, 1_000n])
    t.notOk(isPayable(dinars, 160n, 'EUR'), 'and in no other currency')
    t.end()
  },
)
