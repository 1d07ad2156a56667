/**
 * Runs first in a functions realm, with what the host lends it. Written in JavaScript of that realm, since what it defines
 * (errors above all) must belong to it. Time and randomness come from the host, which knows who is running.
 */
export const REALM_BOOTSTRAP = `(host) => {
  const RealDate = Date
  const FunctionDate = new Proxy(RealDate, {
    apply: () => new RealDate(host.now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [host.now()] : args, newTarget === FunctionDate ? target : newTarget),
    get: (target, name) => (name === 'now' ? () => host.now() : Reflect.get(target, name)),
  })
  RealDate.prototype.constructor = FunctionDate
  globalThis.Date = FunctionDate
  globalThis.performance = { now: () => host.now(), timeOrigin: 0 }
  Math.random = () => host.random()

  // Web APIs throw errors of the host's realm: they are errors here too.
  const isInstance = Function.prototype[Symbol.hasInstance]
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(thing) {
      return isInstance.call(this, thing) ||
        (host.isError(thing) && (this === Error || (this === TypeError && thing.name === 'TypeError')))
    },
  })

  const syscall = (operation, args) => {
    const answer = host.syscall(operation, args)
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }
  globalThis.Convex = Object.freeze({
    syscall,
    asyncSyscall: host.asyncSyscall,
    jsSyscall: (operation) => { throw new Error(operation + ' needs a Convex deployment') },
  })
  // A promise of this realm, so that one that nobody awaits is known to be a function's.
  globalThis.fetch = async (...args) => host.fetch(...args)
  globalThis.process = {
    env: new Proxy({}, {
      get: (_, name) => (typeof name === 'string' ? host.environment(name) : undefined),
      has: (_, name) => typeof name === 'string' && host.environment(name) !== undefined,
    }),
  }
}`
