import { serveFlood } from './flood-process.ts'

serveFlood()
