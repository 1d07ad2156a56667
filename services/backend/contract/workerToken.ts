/** What a worker presents: `machine_<machineId>:worker_<workerId>:secret_<secret>`. */
export interface WorkerToken {
  machineId: string
  workerId: string
  secret: string
}

const pattern = /^machine_([\w-]{1,128}):worker_([\w-]{1,128}):secret_([A-Za-z0-9_-]{32,128})$/

export function formatWorkerToken({ machineId, workerId, secret }: WorkerToken): string {
  return `machine_${machineId}:worker_${workerId}:secret_${secret}`
}

/** The token's parts, or undefined if `text` has not its form. Surrounding white space is forgiven: tokens get pasted. */
export function parseWorkerToken(text: string): WorkerToken | undefined {
  const [, machineId, workerId, secret] = pattern.exec(text.trim()) ?? []
  if (machineId === undefined || workerId === undefined || secret === undefined) return undefined
  return { machineId, workerId, secret }
}
