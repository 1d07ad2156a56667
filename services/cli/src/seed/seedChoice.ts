import { randomInt } from 'node:crypto'
import { limits } from '@rollcall/backend/contract'
import { UsageError } from '../errors'

/** As it was typed; undefined where nothing was. */
export interface TypedSeedChoice {
  workers?: string | undefined
  machines?: string | undefined
  seed?: string | undefined
}

export interface SeedChoice {
  workers: number
  machines: number
  /** The same seed makes the same fleet. */
  seed: number
}

const DEFAULT_WORKERS = 60
/** All of them are parts of one process, which follows what each is told. */
const MOST_WORKERS = 2_000
const MOST_SEED = 2 ** 31 - 1
/** On a machine, where nobody says how many machines there shall be. */
const USUAL_PER_MACHINE = 14

/** Throws `UsageError` with one line for each mistake. */
export function readSeedChoice(typed: TypedSeedChoice): SeedChoice {
  const mistakes: string[] = []
  const whole = (option: keyof TypedSeedChoice, least: number, most: number): number | undefined => {
    const text = typed[option]
    if (text === undefined) return undefined
    const number = /^\d{1,10}$/.test(text) ? Number(text) : undefined
    if (number !== undefined && number >= least && number <= most) return number
    mistakes.push(`--${option} must be a whole number from ${least} to ${most}.`)
    return undefined
  }
  const workers = whole('workers', 1, MOST_WORKERS) ?? DEFAULT_WORKERS
  const machines = whole('machines', 1, limits.machinesPerOwner) ?? Math.ceil(workers / USUAL_PER_MACHINE)
  const seed = whole('seed', 0, MOST_SEED) ?? randomInt(MOST_SEED)
  if (mistakes.length === 0 && machines > workers) {
    mistakes.push(`--machines must not be more than --workers: ${machines} machines, ${workers} workers.`)
  }
  if (mistakes.length === 0 && workers > machines * limits.workersPerMachine) {
    const needed = Math.ceil(workers / limits.workersPerMachine)
    mistakes.push(
      `--machines must be at least ${needed} for ${workers} workers: a machine holds ${limits.workersPerMachine}.`,
    )
  }
  const [first, ...rest] = mistakes
  if (first !== undefined) throw new UsageError([first, ...rest])
  return { workers, machines, seed }
}
