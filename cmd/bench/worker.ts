import { serveWork } from '../../internal/bench/serve-work.ts'

serveWork()
