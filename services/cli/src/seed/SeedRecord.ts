import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Id } from '@rollcall/backend/dataModel'
import * as z from 'zod'

const schema = z.object({ machines: z.array(z.string()) })

/** Which machines of the backend on this data folder were made by `seed`: what may be removed, and nothing else. */
export class SeedRecord {
  private readonly file: string
  private readonly ids: Id<'machines'>[]

  constructor(dataDir: string) {
    this.file = join(dataDir, 'seeded-fleet.json')
    this.ids = readIds(this.file)
  }

  get machines(): readonly Id<'machines'>[] {
    return this.ids
  }

  add(machineId: Id<'machines'>): void {
    this.ids.push(machineId)
    this.write()
  }

  forget(machineId: Id<'machines'>): void {
    this.ids.splice(this.ids.indexOf(machineId), 1)
    this.write()
  }

  private write(): void {
    if (this.ids.length === 0) {
      rmSync(this.file, { force: true })
      return
    }
    const draft = `${this.file}.${process.pid}`
    writeFileSync(draft, `${JSON.stringify({ machines: this.ids })}\n`, { mode: 0o600 })
    renameSync(draft, this.file)
  }
}

function readIds(file: string): Id<'machines'>[] {
  try {
    return (schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.machines ?? []) as Id<'machines'>[]
  } catch {
    return []
  }
}
