/** Where a thread begins. What was compiled for an earlier one is used again: that a thread is begun may keep everybody waiting. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./thread.ts')
