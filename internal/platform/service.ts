import type { GenService, GenServiceMethods } from '@bufbuild/protobuf/codegenv2'
import type { DescMessage } from '@bufbuild/protobuf'
import type { Call } from './call.ts'
import type { HealthService } from '../gen/health/v1/health_pb.ts'
import type { Wire } from './wire.ts'

/**
 * A service of proto/ as functions. A service in this process and one that answers over NATS have the same type, so
 * callers need not know where it runs.
 */
export type Handlers<Contract> =
  Contract extends GenService<infer Methods>
    ? {
        readonly [Name in keyof Methods]: (
          request: Wire<Input<Methods[Name]>>,
          call: Call,
        ) => Promise<Wire<Output<Methods[Name]>>>
      }
    : never

/** What the gateway asks every service: whether it is ready, and the values of its gauges. */
export type Health = Handlers<typeof HealthService>

type Input<Method> = Method extends { input: infer Desc extends DescMessage } ? Desc : never
type Output<Method> = Method extends { output: infer Desc extends DescMessage } ? Desc : never
export type AnyContract = GenService<GenServiceMethods>
