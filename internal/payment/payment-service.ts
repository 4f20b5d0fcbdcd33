import { PaymentService } from '../gen/payment/v1/payment_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { reaction } from '../platform/reaction.ts'
import { defineService } from '../platform/service-definition.ts'
import { providerContradictions, providerSettings } from './infrastructure/providers/provider-settings.ts'
import { paymentSettings } from './payment-settings.ts'

export const paymentService = defineService({
  name: 'payment',
  about: "The money of orders: what is due, payments, refunds and providers' messages.",
  schema: 'payments',
  contract: PaymentService,
  needs: {
    user: { contract: UserService, methods: ['listErasures', 'confirmErasures'] },
  },
  settings: { ...paymentSettings, ...providerSettings },
  contradictions: providerContradictions,
  aggregates: [
    { type: 'payment', sql: 'select order_id, version, created_at, updated_at from payments.gates' },
    { type: 'receipt', sql: 'select id, 1, issued_at, issued_at from payments.receipts' },
  ],
  reactions: [reaction('erase-payment', UserErasedSchema)],
  async open(scope, { log, database, needs, settings, wakeProducer }) {
    const { openPaymentService } = await import('./open-payment-service.ts')
    const { configuredProviders } = await import('./infrastructure/providers/configured-providers.ts')
    const providers = configuredProviders(settings)
    return openPaymentService(scope, { log, database, wakeProducer, ...needs, ...settings, providers })
  },
})
