import { getOption, hasOption, type DescMethod, type DescService } from '@bufbuild/protobuf'
import { outside } from '../gen/outside/v1/outside_pb.ts'
import type { Access, Guarded } from '../platform/callers/access.ts'
import { isPermission } from '../platform/permissions.ts'

/** A method that callers outside may call. */
export type OutsideMethod = Guarded & {
  readonly desc: DescMethod
  /** As handlers call it, and as operations of REST are called: placeOrder. */
  readonly name: string
  /** As gRPC calls it: /order.v1.OrderService/PlaceOrder. */
  readonly path: string
  readonly takesIdempotencyKey: boolean
}

const accesses: readonly Access[] = ['anyone', 'customer', 'staff', 'admin']

/** The methods whose contract says who may call them from outside. All others are for our own processes only. */
export const outsideMethods = (contract: DescService): readonly OutsideMethod[] =>
  contract.methods
    .filter((method) => hasOption(method, outside))
    .map((method) => outsideMethod(contract, method))

function outsideMethod(contract: DescService, desc: DescMethod): OutsideMethod {
  const { access: wanted, permission, takesIdempotencyKey } = getOption(desc, outside)
  const path = `/${contract.typeName}/${desc.name}`
  const access = accesses.find((known) => known === wanted)
  if (access === undefined) throw new Error(`${path} is for ${wanted}, whom nobody knows`)
  if (permission !== '' && !isPermission(permission)) throw new Error(`there is no permission ${permission}`)
  if (access === 'staff' && permission === '')
    throw new Error(`${path} is for staff, so it has to say what they need`)
  if (desc.methodKind !== 'unary') throw new Error(`${path} is a stream, which the edge does not serve`)
  return {
    ...{ desc, path, access, takesIdempotencyKey, name: desc.localName },
    ...(permission === '' ? {} : { permission }),
  }
}
