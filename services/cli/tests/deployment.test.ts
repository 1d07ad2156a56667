import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { pageHeaders } from './pageHeaders'

/** What `docs/deployment` tells Docker and Caddy, as far as it can be told without them. */

const folder = resolve(import.meta.dirname, '../../../docs/deployment')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

/** Made by `pnpm build`, so not there in every checkout. */
const BUILT = resolve(folder, '../../services/web/dist')

const healthcheck = z.strictObject({
  test: z.array(z.string()).min(2),
  interval: z.string(),
  timeout: z.string(),
  retries: z.number(),
  start_period: z.string(),
})

const service = z.strictObject({
  image: z.string(),
  restart: z.literal('unless-stopped'),
  stop_signal: z.string().optional(),
  stop_grace_period: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  networks: z.strictObject({ default: z.strictObject({ aliases: z.array(z.string()) }) }).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
  healthcheck,
})

const composeFile = z.strictObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
})

const compose = composeFile.parse(parse(read('compose.yaml')))
const services = Object.entries(compose.services)
const example = parseEnv(read('example.env'))

describe('compose.yaml', () => {
  it('has the backend, its dashboard and the page, each with a health check and a restart policy', () => {
    expect(Object.keys(compose.services)).toEqual(['backend', 'dashboard', 'page'])
  })

  it('mounts only files and volumes that are there', () => {
    for (const [name, { volumes = [] }] of services) {
      for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
        const isThere = source.startsWith('.')
          ? resolve(folder, source) === BUILT || existsSync(resolve(folder, source))
          : source in compose.volumes
        expect(isThere, `${name}: ${source}`).toBe(true)
      }
    }
  })

  it('waits only for services that are there', () => {
    for (const [, { depends_on: others = {} }] of services) {
      for (const other of Object.keys(others)) expect(compose.services).toHaveProperty(other)
    }
  })

  it('uses the variables of example.env, and no others', () => {
    const used = [...read('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
    const ofCompose = ['COMPOSE_PROJECT_NAME']
    expect([...new Set([...used, ...ofCompose])].sort()).toEqual(Object.keys(example).sort())
  })

  it('runs backend and dashboard of one version, and the latest of nothing', () => {
    const images = services.map(([, { image }]) => image)
    expect(images.slice(0, 2).every((image) => image.includes(':${CONVEX_TAG'))).toBe(true)
    expect(images.every((image) => /:\$\{\w+/.test(image))).toBe(true)
    expect(Object.values(example)).not.toContain('latest')
  })

  it('lets the world reach the page only', () => {
    const open = services.filter(([, { ports = [] }]) => ports.some((port) => !port.startsWith('127.0.0.1:')))
    expect(open.map(([name]) => name)).toEqual(['page'])
  })
})

describe('page.Caddyfile', () => {
  const caddyfile = read('page.Caddyfile')

  it('knows only variables that its service has', () => {
    const used = [...caddyfile.matchAll(/\{\$(\w+)\}/g)].map(([, name]) => name)
    expect(Object.keys(compose.services['page']?.environment ?? {})).toEqual([...new Set(used)])
  })

  it('passes requests on to services that are there', () => {
    const upstreams = [...caddyfile.matchAll(/reverse_proxy (\w+):/g)].map(([, name]) => name)
    expect([...new Set(upstreams)]).toEqual(['backend'])
  })

  it('sends the headers that the embedded backend sends', async () => {
    const headers = await pageHeaders()
    expect(headers.size).toBeGreaterThan(5)
    const lines = caddyfile.replaceAll('{http.request.hostport}', '<host>').replaceAll('"', '').toLowerCase()
    for (const [name, value] of headers) expect(lines).toContain(`${name} ${value}\n`.toLowerCase())
  })
})
