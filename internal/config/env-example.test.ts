import { parse } from 'dotenv'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { loadConfig } from './config.ts'

/** Read by docker-compose.yml and by nothing else. */
const composeOnly = ['POSTGRES_PASSWORD']
/** The system's, or the fault campaign's: nobody sets them to run Tillstream. */
const notOurs = ['PATH', 'NODE_ENV', 'TILLSTREAM_FAILPOINTS']

const example = parse(await readFile('.env.example'))

t.test('.env.example names every setting, and no other', (t) => {
  const read = new Set<string>()
  loadConfig(new Proxy({}, { get: (_env, name) => void read.add(String(name)) }))
  const settings = [...read].filter((name) => !notOurs.includes(name))
  t.strictSame(Object.keys(example).sort(), [...settings, ...composeOnly].sort())
  t.end()
})

t.test('.env.example has the defaults', (t) => {
  t.strictSame(loadConfig(example), loadConfig({}))
  t.end()
})

t.test('docker-compose.yml passes on what it can, and nothing unknown', async (t) => {
  const text = await readFile('docker-compose.yml', 'utf8')
  const passed = new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => String(name)))
  t.strictSame(
    [...passed].filter((name) => !(name in example)),
    [],
  )
  // What the compose file decides itself, or what only `npm start` reads.
  const decided = ['DATABASE_URL', 'DATA_DIR', 'HOST', 'NATS_SERVER_BIN', 'NATS_URL']
  const missing = Object.keys(example).filter(
    (name) => !passed.has(name) && !/^[A-Z]+_DATABASE_URL$/.test(name),
  )
  t.strictSame(missing.sort(), decided)
})
