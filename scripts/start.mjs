// npm start: runs all services in one process.
import { runMain } from './run.mjs'

await runMain('dist/cmd/stack/main.js', process.argv.slice(2))
