import { bookReturnedGoods } from '../../internal/order/application/book-returned-goods.ts'
import { capturePacked } from '../../internal/order/application/capture-packed.ts'
import { closeEndedOrders } from '../../internal/order/application/close-ended-orders.ts'
import { creditGoods } from '../../internal/order/application/credit-goods.ts'
import { cancelOrder, changeOrderStatus } from '../../internal/order/application/change-orders.ts'
import { expireOrders, resumeClosing } from '../../internal/order/application/close-orders.ts'
import { issueReceipts, listOrderReceipts } from '../../internal/order/application/issue-receipts.ts'
import { keepMoney } from '../../internal/order/application/keep-money.ts'
import {
  assignMoney,
  listOrderPayments,
  listPaymentsOfOrders,
  payOrder,
} from '../../internal/order/application/pay-orders.ts'
import { placeOrder } from '../../internal/order/application/place-order.ts'
import { getOrder, listOrders } from '../../internal/order/application/read-orders.ts'
import { recordShipped } from '../../internal/order/application/record-shipped.ts'
import {
  releaseCanceledOrders,
  releaseUnneeded,
} from '../../internal/order/application/release-canceled-orders.ts'
import { resendShipment, resumeResending } from '../../internal/order/application/resend-shipments.ts'
import { reviveOrders, reviveWithLateMoney } from '../../internal/order/application/revive-orders.ts'
import { changeReturn, listReturns, requestReturn } from '../../internal/order/application/return-goods.ts'
import { settleCreatedOrders } from '../../internal/order/application/settle-created-orders.ts'
import {
  changeShipment,
  createShipment,
  listShipmentsOfOrders,
  trackOrder,
} from '../../internal/order/application/ship-orders.ts'
import { sweepOrders } from '../../internal/order/application/sweep-orders.ts'
import { holdBack } from '../../internal/order/infrastructure/hold-back.ts'
import { orderReactions } from '../../internal/order/infrastructure/order-reactions.ts'
import { orderRpc } from '../../internal/order/infrastructure/order-rpc.ts'
import { toRefusal } from '../../internal/platform/outage.ts'
import { reactionRpc } from '../../internal/platform/reaction.ts'
import type { OrderHandlers, Parts, ReactionHandlers } from './parts.ts'
import type { Process } from './process.ts'
import { checkoutParts } from './checkout-process.ts'
import { orderPorts } from './order-ports.ts'

/** So few that customers have to wait for each other. */
const holdBackLimits = { undecided: 3, forgottenAfterMs: 1_000 }

export function startOrder(parts: Parts, process: Process): OrderHandlers & ReactionHandlers {
  const { deps, app, sweep } = checkoutParts(parts, process, orderPorts(parts, process))
  const work = { place: placeOrder(deps), settle: settleCreatedOrders(deps) }
  const { place, settle, counted } = holdBack(work, holdBackLimits)
  const release = releaseCanceledOrders(deps)
  const shrink = releaseUnneeded(deps)
  const book = bookReturnedGoods(deps)
  const credit = creditGoods(deps)
  const isOutage = (err: unknown): boolean => toRefusal(err).kind === 'unavailable'
  const rpc = orderRpc({
    placeOrder: place,
    getOrder: getOrder(deps),
    listOrders: listOrders(deps),
    hasOpenOrders: async () => false,
    claimOrders: async () => 0,
    cancelOrder: cancelOrder(deps),
    changeOrderStatus: changeOrderStatus(deps),
    createShipment: createShipment(deps),
    changeShipment: changeShipment(deps),
    resendShipment: resendShipment(deps),
    trackOrder: trackOrder(deps),
    listShipmentsOfOrders: listShipmentsOfOrders(deps),
    requestReturn: requestReturn(deps),
    changeReturn: changeReturn(deps),
    listReturns: listReturns(deps),
    payOrder: payOrder(deps),
    listOrderPayments: listOrderPayments(deps),
    listPaymentsOfOrders: listPaymentsOfOrders(deps),
    listOrderReceipts: listOrderReceipts(deps),
    assignMoney: assignMoney(deps),
    ...app(counted),
  })
  const ending = { resume: resumeClosing(deps), expire: expireOrders(deps), revive: reviveOrders(deps) }
  const doing = { settle, release: shrink, book, credit, record: recordShipped(deps), ...ending }
  const sweeping = { ...deps, ...sweep, ...doing, resend: resumeResending(deps) }
  const sweepOnce = sweepOrders({ ...sweeping, isOutage, report: () => undefined })
  const reacting = {
    settle,
    release,
    shrink,
    book,
    credit,
    keep: keepMoney({ ...deps, issue: issueReceipts(deps) }),
    issue: issueReceipts(deps),
    close: closeEndedOrders(deps),
    capture: capturePacked(deps),
  }
  return {
    ...rpc,
    ...reactionRpc(orderReactions({ ...reacting, revive: reviveWithLateMoney(deps) }), sweepOnce),
  }
}
