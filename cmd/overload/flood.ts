import { serveFlood } from '../../internal/bench/overload/flood-process.ts'

serveFlood()
