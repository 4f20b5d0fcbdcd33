import t from 'tap'
import { inMemoryOrders } from './in-memory-orders.ts'
import { ordersContract } from './orders-contract.ts'

ordersContract(t, async () => {
  const orders = inMemoryOrders()
  const told = async () =>
    orders.events.map(({ type, order }) => ({ type, orderId: order.id, version: order.version }))
  return { orders, told }
})
