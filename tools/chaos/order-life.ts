import type { EndOrder } from './end-state.ts'

const dead: readonly string[] = ['canceled', 'expired', 'rejected']
const paid: readonly string[] = ['paid', 'shipped', 'completed']

export const isDead = ({ status }: EndOrder): boolean => dead.includes(status)
export const isLiving = (order: EndOrder | undefined): boolean => order !== undefined && !isDead(order)
/** Its money has come. */
export const isPaid = ({ status }: EndOrder): boolean => paid.includes(status)
export const wasPaid = (order: EndOrder): boolean => isPaid(order) || order.history.includes('paid')
