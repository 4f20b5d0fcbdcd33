import { cartMutants } from './cart-mutants.ts'
import { codeMutants } from './code-mutants.ts'
import { fulfilmentMutants } from './fulfilment-mutants.ts'
import { moneyMutants } from './money-mutants.ts'
import type { Mutant } from './mutant.ts'
import { paymentMutants } from './payment-mutants.ts'
import { pricingMutants } from './pricing-mutants.ts'
import { databaseMutants, modelMutants } from './store-mutants.ts'

export const mutants: readonly Mutant[] = [
  ...codeMutants,
  ...modelMutants,
  ...databaseMutants,
  ...fulfilmentMutants,
  ...cartMutants,
  ...paymentMutants,
  ...moneyMutants,
  ...pricingMutants,
]
