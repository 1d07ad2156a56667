const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Resolves with the reason to stop: a signal, or with `lifeline` the end of standard input, whoever holds its other end. Later
 * signals are swallowed: the caller is stopping already.
 */
export function untilToldToStop(options: { lifeline: boolean }): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(signal))
    if (!options.lifeline) return
    const cut = () => resolve('lifeline')
    process.stdin.once('end', cut).once('close', cut).once('error', cut).resume()
  })
}
