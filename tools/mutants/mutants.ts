import { codeMutants } from './code-mutants.ts'
import type { Mutant } from './mutant.ts'
import { paymentMutants } from './payment-mutants.ts'
import { databaseMutants, modelMutants } from './store-mutants.ts'

export const mutants: readonly Mutant[] = [
  ...codeMutants,
  ...modelMutants,
  ...databaseMutants,
  ...paymentMutants,
]
