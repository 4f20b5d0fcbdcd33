import { parse } from 'dotenv'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { loadConfig, settingsGroups } from '../../internal/config/config.ts'
import { anyName, integer, namePattern, text } from '../../internal/platform/settings.ts'
import { services } from '../../internal/services.ts'
import { composeOnly, envExample, shownSettings } from './settings.ts'

const example = parse(envExample())

t.test('.env.example has every setting with its default', (t) => {
  const values = ({ common, local, services: own, databases }: ReturnType<typeof loadConfig>) => ({
    ...{ common, local, own, databases },
  })
  t.strictSame(values(loadConfig(example)), values(loadConfig({})))
  t.equal(example.PORT, '8080')
  t.end()
})

t.test('a setting stands under the first that declares it, and what tests alone set nowhere', (t) => {
  const port = integer('PORT', 1, { min: 1, max: 2 }, 'Where it listens.')
  const hidden = { ...text('FAILPOINT', '', ''), isHidden: true }
  const shown = shownSettings([
    { owner: 'one', settings: { port, hidden } },
    { owner: 'two', settings: { port } },
  ])
  t.strictSame(shown, [{ owner: 'one', settings: [port] }])
  t.end()
})

t.test('every setting says what it means', (t) => {
  for (const { settings } of settingsGroups())
    for (const { variable, about, isHidden } of Object.values(settings))
      t.ok(isHidden || about.length > 10, `${variable}: ${about}`)
  t.end()
})

/** Of a family of settings, whose variables have any name in them. */
const families = settingsGroups().flatMap(({ settings }) =>
  Object.values(settings).flatMap(({ member }) => (member ? [patternOf(member.variable)] : [])),
)
const isMember = (name: string): boolean => families.some((pattern) => pattern.test(name))

function patternOf(variable: string): RegExp {
  return new RegExp(`^${variable.replace(anyName, namePattern)}$`)
}

const compose = await readFile('docker-compose.yml', 'utf8')

/** Settings of earlier versions among them, of which the start tells. */
const hidden = new Set(
  settingsGroups().flatMap(({ settings }) =>
    Object.values(settings).flatMap(({ isHidden, variable }) => (isHidden ? [variable] : [])),
  ),
)

t.test('docker-compose.yml passes on what it can, and nothing unknown', async (t) => {
  const passed = new Set([...compose.matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name]) => String(name)))
  t.strictSame(
    [...passed].filter((name) => !(name in example) && !hidden.has(name) && !isMember(name)),
    [],
  )
  // What the compose file or the image decides itself, or what only `npm start` reads.
  const decided = [
    ...[
      'DATABASE_URL',
      'DATA_DIR',
      'DB_HOST',
      'DB_NAME',
      'DB_PASSWORD',
      'DB_PORT',
      'DB_ROLES_DIR',
      'DB_USER',
      'HOST',
      'IMAGES_DIR',
    ],
    ...['INBOX_DIR', 'INBOX_HOST', 'INBOX_SMTP_PORT', 'LOCAL_OIDC_PORT', 'MAIL_INBOX'],
    ...[
      'NATS_CA',
      'NATS_CREDS',
      'NATS_NKEY',
      'NATS_SERVER_BIN',
      'NATS_URL',
      'NATS_USER',
      'NODE_ENV',
      'PAYMENT_SANDBOX',
      'SANDBOX_DIR',
      'SANDBOX_HOST',
      'SEED_DEMO',
      'WEB_DIR',
    ],
  ]
  const missing = Object.keys(example).filter(
    (name) => !passed.has(name) && !/^[A-Z]+_DATABASE_URL$|_FILE$/.test(name),
  )
  t.strictSame(missing.sort(), decided)
  t.ok(composeOnly.every(({ variable }) => passed.has(variable)))
})

t.test(
  'docker-compose.yml has a container for each service, with the settings that the service declares',
  async (t) => {
    const sections = new Map(
      [...compose.matchAll(/^ {2}([a-z-]+):\n((?: {4}.*\n|\n)+)/gm)].map(([, name, text]) => [
        name,
        text ?? '',
      ]),
    )
    const common = compose.slice(0, compose.indexOf('\nservices:'))
    for (const { name, settings } of services) {
      const section = sections.get(name)
      t.match(section, `dist/cmd/${name}/main.js`, `${name} has a container`)
      t.match(section, `dist/cmd/health/main.js', '${name}'`, `${name} has a health check`)
      t.match(section, `NATS_USER: ${name}\n`, `${name} is a user of its own at the broker`)
      for (const { variable } of Object.values(settings))
        t.match(
          `${common}${section ?? ''}`,
          new RegExp(`\\b${variable.replace(anyName, namePattern)}:`),
          `${name} is told ${variable}`,
        )
    }
  },
)
