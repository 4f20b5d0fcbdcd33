// npm start: everything, in one process.
import { runMain } from './run.mjs'

await runMain('cmd/stack/main.ts', process.argv.slice(2))
