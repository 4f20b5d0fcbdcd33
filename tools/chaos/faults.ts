import type { FaultKind } from './fault-kinds.ts'
import {
  deadlock,
  fillPostgresDisk,
  outlastStatements,
  takeAllConnections,
  writeLate,
} from './faults/database-faults.ts'
import { blackHole, halfOpen, reset, slow } from './faults/line-faults.ts'
import { fillNatsDisk, fillStream, oversize, poison } from './faults/message-faults.ts'
import {
  aService,
  endBy,
  pause,
  theNats,
  thePayments,
  thePostgres,
  theProvider,
} from './faults/process-faults.ts'
import { callsFail, callsHang, webhooksGoWrong } from './faults/provider-faults.ts'
import { dieAt, rollingRestart, secondOfAll, stepClock } from './faults/service-faults.ts'
import {
  cutBlock,
  deleteConsumer,
  deleteStream,
  flipBit,
  putOldStoreBack,
  useNewerNats,
  wipeStore,
} from './faults/store-faults.ts'
import type { Fault } from './field.ts'

export const faults: Readonly<Record<FaultKind, Fault>> = {
  'service-kill': endBy('SIGKILL', aService),
  'service-pause': pause(aService),
  'service-stop': endBy('SIGTERM', aService),
  'rolling-restart': rollingRestart,
  'second-of-all': secondOfAll,
  'clock-step': stepClock,
  'fail-insert-commit': dieAt('insert-commit'),
  'fail-commit-wake': dieAt('commit-wake'),
  'fail-publish-mark': dieAt('publish-mark'),
  'fail-effect-ack': dieAt('effect-ack'),
  'fail-reserve-settle': dieAt('reserve-settle'),
  'fail-file-commit': dieAt('file-commit'),
  'fail-release-mark': dieAt('release-mark'),
  'payment-kill': endBy('SIGKILL', thePayments),
  'fail-gate-closed': dieAt('gate-closed'),
  'fail-intent-call': dieAt('intent-call'),
  'fail-answer-commit': dieAt('answer-commit'),
  'fail-inbox-effect': dieAt('inbox-effect'),

  'nats-kill': endBy('SIGKILL', theNats),
  'nats-pause': pause(theNats),
  'nats-stop': endBy('SIGTERM', theNats),
  'store-wiped': wipeStore,
  'store-old': putOldStoreBack,
  'store-bit': flipBit,
  'store-cut': cutBlock,
  'stream-deleted': deleteStream,
  'consumer-deleted': deleteConsumer,
  'stream-full': fillStream,
  'nats-disk-full': fillNatsDisk,
  'nats-newer': useNewerNats,
  poison,
  oversize,
  'nats-slow': slow('nats'),
  'nats-black-hole': blackHole('nats'),
  'nats-reset': reset('nats'),
  'nats-half-open': halfOpen('nats'),

  'postgres-kill': endBy('SIGKILL', thePostgres),
  'postgres-quit': endBy('SIGQUIT', thePostgres),
  'postgres-pause': pause(thePostgres),
  'postgres-stop': endBy('SIGINT', thePostgres),
  'no-connections': takeAllConnections,
  'statement-timeout': outlastStatements,
  'long-writer': writeLate,
  deadlock,
  'postgres-disk-full': fillPostgresDisk,
  'postgres-slow': slow('postgres'),
  'postgres-black-hole': blackHole('postgres'),
  'postgres-reset': reset('postgres'),
  'postgres-half-open': halfOpen('postgres'),

  'sandbox-kill': endBy('SIGKILL', theProvider),
  'sandbox-pause': pause(theProvider),
  'provider-fails': callsFail,
  'provider-hangs': callsHang,
  'webhooks-wrong': webhooksGoWrong,
}
