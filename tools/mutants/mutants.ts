import { accountStoreMutants } from './account-store-mutants.ts'
import { accountMutants } from './account-mutants.ts'
import { analyticsMutants } from './analytics-mutants.ts'
import { boughtMutants } from './bought-mutants.ts'
import { captureMutants } from './capture-mutants.ts'
import { cartMutants } from './cart-mutants.ts'
import { categoryMutants } from './category-mutants.ts'
import { checkoutMutants } from './checkout-mutants.ts'
import { codeMutants } from './code-mutants.ts'
import { erasureMutants } from './erasure-mutants.ts'
import { fulfilmentMutants } from './fulfilment-mutants.ts'
import { goodsMutants } from './goods-mutants.ts'
import { graphqlMutants } from './graphql-mutants.ts'
import { grpcMutants } from './grpc-mutants.ts'
import { guestMutants } from './guest-mutants.ts'
import { imageMutants } from './image-mutants.ts'
import { importMutants } from './import-mutants.ts'
import { moneyMutants } from './money-mutants.ts'
import type { Mutant } from './mutant.ts'
import { notificationMutants } from './notification-mutants.ts'
import { pageMutants } from './page-mutants.ts'
import { paymentMutants } from './payment-mutants.ts'
import { pricingMutants } from './pricing-mutants.ts'
import { receiptMutants } from './receipt-mutants.ts'
import { revivalMutants } from './revival-mutants.ts'
import { searchMutants } from './search-mutants.ts'
import { sessionMutants } from './session-mutants.ts'
import { staffMutants } from './staff-mutants.ts'
import { databaseMutants, modelMutants } from './store-mutants.ts'
import { webhookMutants } from './webhook-mutants.ts'
import { webhookReadingMutants } from './webhook-reading-mutants.ts'
import { smsMutants } from './sms-mutants.ts'
import { tellingStaffMutants } from './telling-staff-mutants.ts'

export const mutants: readonly Mutant[] = [
  ...codeMutants,
  ...analyticsMutants,
  ...modelMutants,
  ...databaseMutants,
  ...fulfilmentMutants,
  ...revivalMutants,
  ...captureMutants,
  ...guestMutants,
  ...cartMutants,
  ...checkoutMutants,
  ...boughtMutants,
  ...categoryMutants,
  ...pageMutants,
  ...paymentMutants,
  ...accountStoreMutants,
  ...goodsMutants,
  ...moneyMutants,
  ...pricingMutants,
  ...receiptMutants,
  ...staffMutants,
  ...notificationMutants,
  ...tellingStaffMutants,
  ...smsMutants,
  ...accountMutants,
  ...sessionMutants,
  ...webhookMutants,
  ...webhookReadingMutants,
  ...erasureMutants,
  ...grpcMutants,
  ...graphqlMutants,
  ...imageMutants,
  ...importMutants,
  ...searchMutants,
]
