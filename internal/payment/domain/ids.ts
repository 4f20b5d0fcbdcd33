import type { Brand } from '../../platform/brand.ts'

export type OrderId = Brand<string, 'OrderId'>
export type PaymentId = Brand<string, 'PaymentId'>
export type RefundId = Brand<string, 'RefundId'>
export type ReceiptId = Brand<string, 'ReceiptId'>
export type UserId = Brand<string, 'UserId'>

/** Gives a new id each time. Decisions get it as an argument, because an intent is named before it is stored. */
export type NewId = () => string
