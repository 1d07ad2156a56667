/** Whether `work` was over within `ms` milliseconds, in whatever way; it is not ended by this. Never rejects. */
export async function settledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const over = work.then(
    () => true,
    () => true,
  )
  const isOver = await Promise.race([over, late])
  clearTimeout(timer)
  return isOver
}
