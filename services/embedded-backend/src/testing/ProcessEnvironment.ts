/** The variables of this process, `vi.stubEnv` included, as functions shall see them. */
export class ProcessEnvironment {
  private text = ''
  private current: ReadonlyMap<string, string> = new Map()

  /** Another map only if `refresh` found a change: modules are evaluated again for one. */
  get values(): ReadonlyMap<string, string> {
    return this.current
  }

  refresh(): void {
    const text = JSON.stringify(process.env)
    if (text === this.text) return
    this.text = text
    this.current = new Map(Object.entries(JSON.parse(text) as Record<string, string>))
  }
}
