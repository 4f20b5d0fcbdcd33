import { serveBare } from './bare-server.ts'

serveBare()
