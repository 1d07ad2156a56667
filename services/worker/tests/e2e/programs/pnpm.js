/** A launcher like pnpm by its name: starts the supervisor in its own group, passes no signal on, and waits for it. */
import { spawn } from 'node:child_process'

spawn(process.execPath, process.argv.slice(2), { stdio: 'inherit' })
