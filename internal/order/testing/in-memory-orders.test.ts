import t from 'tap'
import { checkoutsContract } from './checkouts-contract.ts'
import { inMemoryOrders } from './in-memory-orders.ts'
import { orderFilesContract } from './order-files-contract.ts'
import { ordersContract, unpaidContract } from './orders-contract.ts'

ordersContract(t, async () => {
  const orders = inMemoryOrders()
  const told = async () =>
    orders.events.map(({ type, order }) => ({ type, orderId: order.id, version: order.version }))
  return { orders, told }
})

orderFilesContract(t, async () => {
  const told: string[] = []
  const orders = inMemoryOrders((events) =>
    told.push(...events.map(({ subject, aggregateVersion }) => `${subject} ${aggregateVersion}`)),
  )
  return { orders, files: orders.files, told: async () => told }
})

unpaidContract(t, async () => ({ orders: inMemoryOrders(() => undefined, 10) }))

checkoutsContract(t, async () => {
  const orders = inMemoryOrders()
  return { orders, files: orders.files, checkouts: orders.checkouts, others: orders.checkouts }
})
