import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { problemsOf } from '../../internal/config/testing/problems-of.ts'
import { services as ownServices } from '../../internal/services.ts'

type Container = {
  readonly image?: string
  readonly networks?: readonly string[]
  readonly network_mode?: string
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly read_only?: boolean
  readonly mem_limit?: string
  readonly security_opt?: readonly string[]
  readonly privileged?: boolean
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
}

const text = await readFile('docker-compose.yml', 'utf8')
const file = parse(text, { merge: true }) as {
  readonly services: Readonly<Record<string, Container>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
}
const containers = Object.entries(file.services)
const imagesVolume = 'images:/var/lib/tillstream/images'

t.test('.env needs four secrets and nothing else', async (t) => {
  const needed = [...text.matchAll(/\$\{([A-Z_]+):?\?/g)].map(([, name]) => String(name))
  const secrets = ['ADMIN_PASSWORD', 'JWT_SECRET', 'NATS_PASSWORD', 'POSTGRES_PASSWORD']
  t.same(
    needed.filter((name) => !secrets.includes(name)),
    [],
  )
  for (const name of secrets) t.ok(needed.includes(name), name)
  for (const name of new Set(needed))
    t.notMatch(text, new RegExp(`\\$\\{${name}:?-[^}]*\\}`), `${name} has no default`)
})

t.test('no container can do more than it needs', async (t) => {
  for (const [
    name,
    { cap_drop, cap_add = [], read_only, mem_limit, security_opt, privileged },
  ] of containers) {
    t.same(cap_drop, ['ALL'], `${name} drops every capability`)
    t.equal(read_only, true, `${name} has a read-only file system`)
    t.match(mem_limit, /^\d+[mg]$/, `${name} has a limit of memory`)
    t.ok(security_opt?.includes('no-new-privileges:true'), `${name} gains no privileges`)
    t.notOk(privileged)
    if (!['postgres', 'nats-volume', 'payment-sandbox-volume'].includes(name))
      t.same(cap_add, [], `${name} needs none back`)
  }
})

t.test('there are two networks, and only what stores something reaches the database', async (t) => {
  t.same(Object.keys(file.networks).sort(), ['broker', 'data'])
  t.equal(file.networks.data?.internal, true)
  for (const { name, schema } of ownServices) {
    const networks = schema === undefined ? ['broker'] : ['broker', 'data']
    t.same([...(file.services[name]?.networks ?? [])].sort(), networks, name)
  }
  t.same(file.services.postgres?.networks, ['data'])
  t.same(file.services.nats?.networks, ['broker'])
})

t.test('the gateway knows nothing of the database', async (t) => {
  const { environment = {} } = file.services.gateway ?? {}
  t.same(
    Object.keys(environment).filter((name) => /^DB_|DATABASE|POSTGRES/.test(name)),
    [],
  )
  t.notMatch(JSON.stringify(environment), /POSTGRES_PASSWORD/)
})

t.test('each service has a role of its own in the database, and only its own password', async (t) => {
  const storing = ownServices.filter(({ schema }) => schema !== undefined)
  const folder = (name: string): string => `/var/lib/tillstream/roles/${name}`
  const dockerfile = await readFile('Dockerfile', 'utf8')
  const [, made = ''] = /for service in ([a-z -]+); do install -d/.exec(dockerfile) ?? []
  t.same(made.split(' ').sort(), storing.map(({ name }) => name).sort(), 'the image has a folder for each')
  for (const { name, schema } of storing) {
    const { environment = {}, volumes = [] } = file.services[name] ?? {}
    t.match(environment, { DB_USER: `tillstream_${schema}`, DB_PASSWORD_FILE: `${folder(name)}/password` })
    const images = { inventory: [imagesVolume], consumer: [`${imagesVolume}:ro`] }[name] ?? []
    t.same(volumes, [`role-${name}:${folder(name)}:ro`, ...images], name)
    t.ok(
      file.services.migrate?.volumes?.includes(`role-${name}:${folder(name)}`),
      `migrate gives ${name} its own`,
    )
  }
  const owners = containers.filter(([, container]) => JSON.stringify(container).includes('POSTGRES_PASSWORD'))
  t.same(owners.map(([name]) => name).sort(), ['migrate', 'postgres'])
})

t.test(
  'the gateway and the inventory service share the images, the audit reads them, and nobody else has them',
  async (t) => {
    const sharing = containers.filter(([, { volumes = [] }]) =>
      volumes.some((one) => one.startsWith('images:')),
    )
    t.same(sharing.map(([name]) => name).sort(), ['consumer', 'gateway', 'inventory'])
    for (const [name, { environment = {}, volumes = [] }] of sharing) {
      t.equal(environment.IMAGES_DIR, '/var/lib/tillstream/images', name)
      t.ok(volumes.includes(name === 'consumer' ? `${imagesVolume}:ro` : imagesVolume), name)
    }
  },
)

t.test('every container of ours has settings that it can start with', (t) => {
  const written = (value: string | number): string =>
    String(value).replace(/\$\{[A-Z0-9_]+(:[-?])([^}]*)\}/g, (_all, kind, rest: string) =>
      kind === ':-' ? rest : 'a secret of more than 32 bytes: 1234567890',
    )
  const ours = containers.filter(([, { image }]) => image === 'tillstream')
  t.ok(ours.length > ownServices.length, 'the services and the migration')
  for (const [name, { environment = {} }] of ours) {
    const values = Object.entries(environment).map(([variable, value]) =>
      variable === 'DB_PASSWORD_FILE' ? ['DB_PASSWORD', 'what is in the file'] : [variable, written(value)],
    )
    const env = { NODE_ENV: 'production', ...(Object.fromEntries(values) as Record<string, string>) }
    t.same(problemsOf(env), [], name)
  }
  t.end()
})

t.test('no URL is built from parts that need encoding', async (t) => {
  t.notMatch(text.replace(/#.*$/gm, ''), /:\/\/[^\s'"]*\$\{/)
})

t.test(
  'only the shop itself is published, and for this machine its sandbox and its inbox, and the broker tells its figures to its own container only',
  async (t) => {
    t.same(
      containers.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port])),
      [
        ['payment-sandbox', '127.0.0.1:${SANDBOX_PORT:-8090}:8090'],
        ['inbox', '127.0.0.1:${INBOX_PORT:-8025}:8025'],
        ['gateway', '${PORT:-8080}:8080'],
      ],
    )
    const conf = await readFile('deploy/nats.conf', 'utf8')
    const monitors = [...conf.matchAll(/^\s*(https?|http_port|https_port|prof_port)\s*[:=]?\s*(\S+)/gm)]
    t.same(
      monitors.map(([, , address]) => address).filter((address) => !address?.startsWith('127.0.0.1:')),
      [],
    )
  },
)

t.test('the image is made of a supported Node', async (t) => {
  const bases = [...(await readFile('Dockerfile', 'utf8')).matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
  t.same([...new Set(bases)], ['node:24-slim'])
})
