import type { Hunt, Mutant } from './mutant.ts'

const drill = (file: string, test: string): Hunt => ({ by: 'drill', file: `internal/grpc/${file}`, test })
const inServing = 'internal/grpc/serve-methods.ts'

/** Rules of the gRPC edges. */
export const grpcMutants: readonly Mutant[] = [
  {
    name: 'grpc-judges-nobody',
    rule: 'a method is for those whom its contract names',
    patches: [{ file: inServing, search: '      if (refusal) throw refusal\n', replace: '' }],
    hunt: drill('edge.test.ts', 'answers outside who its contract names'),
  },
  {
    name: 'grpc-ended-session-accepted',
    rule: 'an edge refuses a session that has ended',
    patches: [
      {
        file: 'internal/platform/callers/identify.ts',
        search: 'return identity && ended.isEnded(identity) ?',
        replace: 'return identity && ended.isEnded({ ...identity, sessionId: identity.userId }) ?',
      },
    ],
    hunt: drill('edge.test.ts', 'a session that has ended is refused'),
  },
  {
    name: 'grpc-late-call-executed',
    rule: 'a call whose time is over is not executed',
    patches: [{ file: inServing, search: 'if (leftMs <= 0)', replace: 'if (leftMs <= -60_000)' }],
    hunt: drill('calls.test.ts', 'a call whose time is over is not executed'),
  },
  {
    name: 'grpc-key-shared-by-callers',
    rule: 'an idempotency key counts for its caller',
    patches: [
      {
        file: 'internal/grpc/idempotency.ts',
        search: "['grpc', whoIs(actor), path,",
        replace: "['grpc', path,",
      },
    ],
    hunt: drill('calls.test.ts', 'a repeated request is known by its key'),
  },
]
