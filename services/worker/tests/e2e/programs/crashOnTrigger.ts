/** Loaded before a worker: throws, or rejects, when the file named by CRASH_TRIGGER appears; its content says which. */
import { existsSync, readFileSync } from 'node:fs'

const trigger = process.env['CRASH_TRIGGER']
const look = setInterval(() => {
  if (trigger === undefined || !existsSync(trigger)) return
  clearInterval(look)
  if (readFileSync(trigger, 'utf8') === 'reject') void Promise.reject(new Error('a bug nobody awaited'))
  else throw new Error('a bug nobody caught')
}, 20)
look.unref()
