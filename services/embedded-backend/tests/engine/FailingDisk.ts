import { open, type FileHandle } from 'node:fs/promises'

type Operation = 'open' | 'write' | 'appendFile' | 'datasync' | 'truncate'

/** Opens real files; what is done to them fails while somebody says so. */
export class FailingDisk {
  private error: { code: string; operations: Operation[]; path: string } | null = null

  /** Until `mend`, `operations` on files whose path holds `path` fail with `code`; a write has then written its first half. */
  break(code: string, operations: Operation[] = ['open', 'write', 'appendFile'], path = ''): void {
    this.error = { code, operations, path }
  }

  mend(): void {
    this.error = null
  }

  readonly openFile = (async (path: string, flags: string) => {
    this.check('open', path)
    const file = await open(path, flags)
    return new Proxy(file, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]): Promise<unknown> => {
          if (this.fails(name as Operation, path) && name === 'write') {
            const [bytes, , , position] = args as [Buffer, number, number, number]
            await target.write(bytes, 0, Math.floor(bytes.indexOf('\n') / 2), position)
          }
          this.check(name as Operation, path)
          return (value as (...given: unknown[]) => unknown).apply(target, args)
        }
      },
    })
  }) as unknown as (...args: Parameters<typeof open>) => Promise<FileHandle>

  private check(operation: Operation, path: string): void {
    if (!this.fails(operation, path)) return
    const { code } = this.error ?? { code: '' }
    throw Object.assign(new Error(`${code}: ${operation}`), { code })
  }

  private fails(operation: Operation, path: string): boolean {
    return this.error !== null && this.error.operations.includes(operation) && path.includes(this.error.path)
  }
}
