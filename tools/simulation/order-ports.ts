import type { OrderId } from '../../internal/order/domain/order.ts'
import type { ReturnId } from '../../internal/order/domain/goods-back.ts'
import type { ShipmentId } from '../../internal/order/domain/parcel.ts'
import { inventoryCatalog, inventoryStock } from '../../internal/order/infrastructure/inventory-ports.ts'
import { paymentGates, paymentTill } from '../../internal/order/infrastructure/payment-ports.ts'
import { noPrices } from '../../internal/order/testing/no-checkout.ts'
import { noPayments, noReceipts, noTill } from '../../internal/order/testing/no-payments.ts'
import type { Parts } from './parts.ts'
import type { Process } from './process.ts'
import { withSeams } from './seams.ts'

export type OrderPorts = ReturnType<typeof orderPorts>

/** The real ports over the network of the simulation. */
export function orderPorts(parts: Parts, process: Process) {
  const { network, stores, now, newUuid, setup } = parts
  const inventory = parts.inventoryFor(process)
  const payments = withSeams(parts, process, parts.paymentsFor(process))
  return {
    orders: network.over(process, 'orders', stores.orders),
    files: network.over(process, 'files', stores.orders.files),
    payments: setup.pays ? paymentGates(payments) : noPayments,
    till: setup.pays ? paymentTill(payments) : noTill,
    prices: noPrices,
    receipts: noReceipts,
    ...{ holdSeconds: setup.holdSeconds, withdrawalDays: 14 },
    catalog: inventoryCatalog(inventory),
    stock: inventoryStock(inventory),
    newOrderId: () => newUuid(process) as OrderId,
    newShipmentId: () => newUuid(process) as ShipmentId,
    newReturnId: () => newUuid(process) as ReturnId,
    now: () => now(process),
    digest: (text: string) => text,
  }
}
