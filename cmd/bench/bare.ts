import { serveBare } from '../../internal/bench/bare-server.ts'

serveBare()
