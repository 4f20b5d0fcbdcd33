// npm start: runs all services in one process.
import { runMain } from './run.mjs'

// With --dev, which npm run dev gives, pages reload by themselves.
const isDev = process.argv[2] === '--dev'
await runMain('dist/cmd/stack/main.js', process.argv.slice(isDev ? 3 : 2), { pages: 'if possible', isDev })
