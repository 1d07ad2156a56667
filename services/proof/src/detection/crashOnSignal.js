// @ts-check
/** Loaded before a worker, to give it a bug: on SIGUSR2 it throws, or rejects, as CRASH_BY says. Other programs stay as they are. */
if (process.argv[1]?.endsWith('/worker/dist/index.js')) {
  process.on('SIGUSR2', () => {
    if (process.env['CRASH_BY'] === 'reject') void Promise.reject(new Error('a bug nobody awaited'))
    else throw new Error('a bug nobody caught')
  })
}
