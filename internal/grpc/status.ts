import { create, fromJson, toBinary, type JsonObject } from '@bufbuild/protobuf'
import { anyPack, AnySchema, StructSchema, type Any } from '@bufbuild/protobuf/wkt'
import { Metadata, status, type StatusObject } from '@grpc/grpc-js'
import { ErrorInfoSchema, StatusSchema } from '../gen/platform/v1/status_pb.ts'
import type { Refusal, RefusalKind } from '../platform/refusal.ts'

const statusOfKind: Readonly<Record<RefusalKind, status>> = {
  invalid: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  'not-found': status.NOT_FOUND,
  conflict: status.FAILED_PRECONDITION,
  internal: status.INTERNAL,
  unavailable: status.UNAVAILABLE,
}

/** The codes for which gRPC has a more precise status than for their kind. */
const statusOfCode: Readonly<Record<string, status>> = {
  'product.version-mismatch': status.ABORTED,
  'category.version-mismatch': status.ABORTED,
  'family.version-mismatch': status.ABORTED,
  'product.sku-taken': status.ALREADY_EXISTS,
  'request.rate-limited': status.RESOURCE_EXHAUSTED,
  'request.out-of-time': status.DEADLINE_EXCEEDED,
}

/** Clients refuse trailers of more than 8 KB. The code is always told; details that are longer than this are not. */
const longestDetails = 4_096

/** A refusal as gRPC tells it: with its code as `error-code`, and with its details as google.rpc.Status has them. */
export function statusOf(refusal: Refusal, requestId: string): StatusObject {
  const { kind, code: reason } = refusal
  const code = statusOfCode[reason] ?? statusOfKind[kind]
  const message = kind === 'internal' ? 'internal error' : refusal.message
  const metadata = new Metadata()
  metadata.set('error-code', reason)
  metadata.set('x-request-id', requestId)
  const details = [errorInfo(reason, requestId), ...structOf(refusal)]
  const told = create(StatusSchema, { code, message, details })
  metadata.set('grpc-status-details-bin', Buffer.from(toBinary(StatusSchema, told)))
  return { code, details: message, metadata }
}

function errorInfo(code: string, requestId: string): Any {
  const reason = code.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  const info = create(ErrorInfoSchema, { reason, domain: 'tillstream', metadata: { code, requestId } })
  return create(AnySchema, {
    typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo',
    value: toBinary(ErrorInfoSchema, info),
  })
}

function structOf({ kind, details }: Refusal): readonly Any[] {
  if (kind === 'internal' || details === undefined) return []
  const text = JSON.stringify(details)
  if (Buffer.byteLength(text) > longestDetails) return []
  return [anyPack(StructSchema, fromJson(StructSchema, JSON.parse(text) as JsonObject))]
}
