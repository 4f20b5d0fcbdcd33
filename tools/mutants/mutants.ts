import { codeMutants } from './code-mutants.ts'
import type { Mutant } from './mutant.ts'
import { pricingMutants } from './pricing-mutants.ts'
import { databaseMutants, modelMutants } from './store-mutants.ts'

export const mutants: readonly Mutant[] = [
  ...codeMutants,
  ...modelMutants,
  ...databaseMutants,
  ...pricingMutants,
]
