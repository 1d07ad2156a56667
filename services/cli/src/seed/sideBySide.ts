/** Does it for each, so many at a time. When one fails, no further one is begun, and it rejects when those under way have ended. */
export async function sideBySide<T>(
  atOnce: number,
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = all.values()
  const failures: unknown[] = []
  const lane = async () => {
    for (const one of waiting) {
      if (failures.length > 0) return
      try {
        await work(one)
      } catch (error: unknown) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  if (failures.length > 0) throw failures[0]
}
