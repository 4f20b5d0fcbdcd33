import type { Config } from '../internal/config/config.ts'
import type { EdgeOptions, Outside } from '../internal/grpc/open-edge.ts'
import type { EdgeLimits } from '../internal/grpc/serve-methods.ts'
import type { CallerQuestions } from '../internal/platform/callers/asked-callers.ts'
import { isOff, type GrpcAddress } from '../internal/platform/grpc-settings.ts'
import type { Log } from '../internal/platform/log.ts'
import type { Opened, Service } from '../internal/platform/service-definition.ts'

/** The settings of `grpcSettings`, which every service with an edge has; one without methods has the address alone. */
type EdgeSettings = EdgeLimits & { readonly grpcAddress: GrpcAddress }

/** The gRPC listener that a service declares; undefined without one, and where it is switched off. */
export function edgeOf(
  { config, log }: { readonly config: Config; readonly log: Log },
  { name, grpc, contract }: Service,
  { handlers, health }: Opened,
  needs: Readonly<Record<string, unknown>>,
): EdgeOptions | undefined {
  const settings = config.services[name] as EdgeSettings | undefined
  if (!grpc || !settings || !health || isOff(settings.grpcAddress)) return undefined
  const { grpcTlsCert: cert, grpcTlsKey: key } = config.common
  const address = { ...settings.grpcAddress, variable: grpc.variable }
  const known = { log, health, address, service: name, tls: { cert, key } }
  if (!contract || !handlers) return { ...known, outside: undefined }
  // A service with methods is the user service itself or needs it, and its handlers fit its contract: its definition says so.
  const users = (name === 'user' ? handlers : needs.user) as CallerQuestions
  const own = handlers as unknown as Outside['handlers']
  return { ...known, outside: { contract, handlers: own, users, limits: settings } }
}
