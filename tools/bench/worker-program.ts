import { serveWork } from './serve-work.ts'

serveWork()
