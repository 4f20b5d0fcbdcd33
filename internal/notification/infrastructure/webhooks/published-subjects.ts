import { file_activity_v1_events } from '../../../gen/activity/v1/events_pb.ts'
import { file_cart_v1_events } from '../../../gen/cart/v1/events_pb.ts'
import { file_consumer_v1_events } from '../../../gen/consumer/v1/events_pb.ts'
import { file_inventory_v1_events } from '../../../gen/inventory/v1/events_pb.ts'
import { file_notification_v1_events } from '../../../gen/notification/v1/events_pb.ts'
import { file_order_v1_events } from '../../../gen/order/v1/events_pb.ts'
import { file_order_v1_fulfilment_events } from '../../../gen/order/v1/fulfilment_events_pb.ts'
import { file_payment_v1_events } from '../../../gen/payment/v1/events_pb.ts'
import { file_payment_v1_receipt_events } from '../../../gen/payment/v1/receipt_events_pb.ts'
import { file_user_v1_events } from '../../../gen/user/v1/events_pb.ts'
import { eventTypesOf } from '../../../platform/event.ts'

const files = [
  file_activity_v1_events,
  file_cart_v1_events,
  file_consumer_v1_events,
  file_inventory_v1_events,
  file_notification_v1_events,
  file_order_v1_events,
  file_order_v1_fulfilment_events,
  file_payment_v1_events,
  file_payment_v1_receipt_events,
  file_user_v1_events,
]

/** The subjects of all events that the contracts have; a test sees that none is missing. */
export const publishedSubjects: readonly string[] = files.flatMap(eventTypesOf).map(({ subject }) => subject)
