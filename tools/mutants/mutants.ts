import { accountStoreMutants } from './account-store-mutants.ts'
import { accountMutants } from './account-mutants.ts'
import { boughtMutants } from './bought-mutants.ts'
import { cartMutants } from './cart-mutants.ts'
import { checkoutMutants } from './checkout-mutants.ts'
import { codeMutants } from './code-mutants.ts'
import { fulfilmentMutants } from './fulfilment-mutants.ts'
import { goodsMutants } from './goods-mutants.ts'
import { moneyMutants } from './money-mutants.ts'
import type { Mutant } from './mutant.ts'
import { notificationMutants } from './notification-mutants.ts'
import { paymentMutants } from './payment-mutants.ts'
import { pricingMutants } from './pricing-mutants.ts'
import { receiptMutants } from './receipt-mutants.ts'
import { revivalMutants } from './revival-mutants.ts'
import { staffMutants } from './staff-mutants.ts'
import { databaseMutants, modelMutants } from './store-mutants.ts'

export const mutants: readonly Mutant[] = [
  ...codeMutants,
  ...modelMutants,
  ...databaseMutants,
  ...fulfilmentMutants,
  ...revivalMutants,
  ...cartMutants,
  ...checkoutMutants,
  ...boughtMutants,
  ...paymentMutants,
  ...accountStoreMutants,
  ...goodsMutants,
  ...moneyMutants,
  ...pricingMutants,
  ...receiptMutants,
  ...staffMutants,
  ...notificationMutants,
  ...accountMutants,
]
