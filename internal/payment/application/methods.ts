import { isPayable } from '../domain/payment-method.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Provider } from './provider.ts'

export type OfferedMethod = {
  readonly id: string
  readonly name: string
  readonly kind: 'card' | 'redirect' | 'wallet' | 'offline'
  readonly provider: string
  readonly isCancelable: boolean
  readonly endsAfterMs: number | undefined
  readonly processesForMs: number | undefined
  readonly capturesOnce: boolean
  /** The money is taken at once, and nothing can be authorized first. */
  readonly capturesAtOnce: boolean
  readonly isPayable: (minor: bigint, currency: string) => boolean
}

/** Staff record what has come to the bank. */
const invoice: OfferedMethod = {
  ...{ id: 'invoice', name: 'Invoice', kind: 'offline', provider: 'offline' },
  ...{
    isCancelable: true,
    endsAfterMs: undefined,
    processesForMs: undefined,
    capturesOnce: true,
    capturesAtOnce: true,
    isPayable: () => true,
  },
}

/** What the shop offers: the methods of its providers, of which the first one that has a method carries it out. */
export function offeredMethods(
  providers: readonly Provider[],
  hasInvoice: boolean,
): readonly OfferedMethod[] {
  const methods = new Map<string, OfferedMethod>()
  for (const { name: provider, methods: own } of providers)
    for (const method of own) {
      if (methods.has(method.id)) continue
      const { id, name, kind, isCancelable, endsAfterMs, processesForMs, captures } = method
      methods.set(id, {
        ...{ id, name, kind, provider, isCancelable, endsAfterMs, processesForMs },
        capturesOnce: captures !== 'many',
        capturesAtOnce: captures === 'never',
        isPayable: (minor, currency) => isPayable(method, minor, currency),
      })
    }
  if (hasInvoice) methods.set(invoice.id, invoice)
  return [...methods.values()]
}

/** Those by which the amount can be paid: a method has a minimum, a maximum and currencies. Of zero nothing is paid. */
export const methodsFor = (
  methods: readonly OfferedMethod[],
  minor: bigint,
  currency: string,
): readonly OfferedMethod[] =>
  minor === 0n ? methods : methods.filter((method) => method.isPayable(minor, currency))

export function methodOf(methods: readonly OfferedMethod[], id: string): OfferedMethod {
  const method = methods.find((each) => each.id === id)
  if (!method) throw new Refusal('invalid', 'payment.unknown-method', `there is no payment method ${id}`)
  return method
}
