import { UserService } from '../../internal/gen/user/v1/user_pb.ts'
import { natsWakeProducer } from '../../internal/platform/wake.ts'
import { openUserService } from '../../internal/user/user-service.ts'
import { databaseOf, runService, serve } from '../service-process.ts'

await runService('user', async (scope, process) => {
  const { config, log, nats } = process
  const users = await openUserService(scope, {
    log,
    database: databaseOf(config, 'user'),
    bcryptCost: config.bcryptCost,
    wakeProducer: natsWakeProducer(nats),
  })
  if (config.adminPassword !== '') {
    await users.ensureAccount({ email: config.adminEmail, password: config.adminPassword, role: 'admin' })
  }
  serve(scope, process, 'user', UserService, users)
})
