import { convexToJson, jsonToConvex, type JSONValue, type Value } from 'convex/values'
import {
  getFunctionName,
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
} from 'convex/server'
import { postJson, type HttpAnswer } from '@rollcall/worker/post-json'
import * as z from 'zod'
import { AdminKeyRefusedError, BackendCallError, RefusalError } from '../errors'

type AnyFunction = FunctionReference<'query' | 'mutation' | 'action', 'internal' | 'public'>

const CALL_TIMEOUT_MS = 10_000

const answer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), value: z.custom<JSONValue>() }),
  z.object({ status: z.literal('error'), errorMessage: z.string(), errorData: z.unknown() }),
])

/** As `ErrorPayload`: what our own functions refuse with. */
const refusal = z.object({ code: z.string(), message: z.string() })

const environmentVariables = z.array(z.object({ name: z.string(), value: z.string() }))

/** A deployment as whoever holds its admin key may use it: the HTTP API of every Convex backend. */
export class AdminApi {
  constructor(
    readonly url: string,
    readonly adminKey: string,
  ) {}

  /**
   * Runs a function, internal ones too. Throws `RefusalError` for a no of our own functions, `BackendCallError` for anything else
   * that was answered, what the network said if nobody answers.
   */
  async run<F extends AnyFunction>(fn: F, args: FunctionArgs<F>): Promise<FunctionReturnType<F>> {
    const path = getFunctionName(fn)
    return await this.ask('/api/function', path, convexToJson(args))
  }

  /** The environment variables of the functions. */
  async environment(): Promise<Map<string, string>> {
    const variables = await this.ask('/api/query', '_system/cli/queryEnvironmentVariables:default', {})
    return new Map(environmentVariables.parse(variables).map(({ name, value }) => [name, value]))
  }

  async setEnvironment(values: Readonly<Record<string, string>>): Promise<void> {
    const changes = Object.entries(values).map(([name, value]) => ({ name, value }))
    const answered = await this.post('/api/update_environment_variables', { changes })
    if (!isOk(answered)) throw this.unexpected(answered, 'update_environment_variables')
  }

  private async ask(endpoint: string, path: string, args: JSONValue): Promise<Value> {
    const format = 'convex_encoded_json'
    const answered = await this.post(endpoint, {
      path,
      format,
      args: endpoint === '/api/function' ? args : [args],
    })
    if (!isOk(answered)) throw this.unexpected(answered, path)
    const parsed = answer.safeParse(parse(answered.body))
    if (!parsed.success) throw new BackendCallError(`${this.url} does not answer like a Convex deployment`)
    if (parsed.data.status === 'success') return jsonToConvex(parsed.data.value)
    const { errorMessage, errorData } = parsed.data
    const { data } = refusal.safeParse(errorData)
    throw data ? new RefusalError(data.message) : new BackendCallError(`${path}: ${errorMessage}`)
  }

  private post(path: string, body: object): Promise<HttpAnswer> {
    return postJson(this.url + path, body, {
      headers: { authorization: `Convex ${this.adminKey}` },
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
  }

  private unexpected({ status, body }: HttpAnswer, what: string): BackendCallError {
    const { origin } = new URL(this.url)
    if (status === 401 || status === 403) {
      return new AdminKeyRefusedError(`${origin} does not take this admin key`)
    }
    return new BackendCallError(`${what}: ${origin} answered ${status} ${body.slice(0, 200)}`)
  }
}

function isOk({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
