/**
 * What Node is to be started with for the backend's program, so that collecting garbage holds up as few calls as can be: one thread of V8's
 * own beside the main one (more of them, on few cores, take the main one's); room for what a busy moment makes, so that little of it is
 * taken for long-lived; and a full collection only after the heap has grown to three and a half times what lived.
 */
export const nodeFlags: readonly string[] = [
  '--v8-pool-size=1',
  '--max-semi-space-size=32',
  '--heap-growing-percent=250',
]
