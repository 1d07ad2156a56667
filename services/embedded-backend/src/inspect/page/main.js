import { AdminApi, KeyRefused, NotReachable } from './adminApi.js'
import { h } from './element.js'
import { keepKey, keptKey, showKeyGate } from './keyGate.js'
import { poll } from './poll.js'
import { showCrons } from './views/crons.js'
import { showFunctions } from './views/functions.js'
import { showLogs } from './views/logs.js'
import { showScheduled } from './views/scheduled.js'
import { showTables } from './views/tables.js'
import { clockTime } from './words.js'

/** By the first part of the address's hash: `#tables/messages`. */
const views = {
  tables: { title: 'Tables', show: showTables },
  functions: { title: 'Functions', show: showFunctions },
  logs: { title: 'Logs', show: showLogs },
  scheduled: { title: 'Scheduled', show: showScheduled },
  crons: { title: 'Crons', show: showCrons },
}

const root = document.getElementById('root')
/** Aborted when another view is shown. */
let shown = new AbortController()

const links = Object.entries(views).map(([name, { title }]) => h('a', { href: `#${name}` }, title))
const liveness = h('p', { class: 'liveness' })
const banner = h('div', { class: 'banner', role: 'alert', hidden: true })
const main = h('main')
const forget = h('button', { type: 'button', onclick: () => lock(null) }, 'Forget key')
const frame = [
  h(
    ...['header', {}, h('h1', {}, 'Inspect', h('span', { class: 'muted' }, ` ${location.host}`))],
    ...[h('nav', { 'aria-label': 'Parts' }, ...links), liveness, forget],
  ),
  ...[banner, main],
]

function lock(problem) {
  shown.abort()
  keepKey(null)
  showKeyGate(root, problem, (key) => {
    keepKey(key)
    unlock()
  })
}

function unlock() {
  root.replaceChildren(...frame)
  route()
}

function route() {
  const key = keptKey()
  if (key === null) return
  shown.abort()
  shown = new AbortController()
  const { signal } = shown
  const [given, ...rest] = location.hash.slice(1).split('/')
  const name = Object.hasOwn(views, given) ? given : 'tables'
  const { title, show } = views[name]
  document.title = `${title} · Inspect`
  for (const link of links) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  const api = new AdminApi(key)
  const get = async (path, query = {}) => {
    const answer = await api.get(path, query, signal)
    if (!signal.aborted) setConnected(true)
    return answer
  }
  main.replaceChildren(h('p', { class: 'empty', role: 'status' }, 'Loading…'))
  const failed = (error) => fail(error)
  show(main, {
    ...{ get, failed, signal, detail: rest.map(decodeURIComponent).join('/') },
    follow: (options) => void poll({ failed, signal, ...options }),
  })
}

function fail(error) {
  if (error instanceof KeyRefused) lock('The backend does not take this key any more.')
  else if (error instanceof NotReachable) setConnected(false)
  else banner.replaceChildren(error.message)
  banner.hidden = error instanceof KeyRefused
}

function setConnected(isConnected) {
  main.classList.toggle('stale', !isConnected)
  banner.hidden = isConnected
  if (!isConnected) {
    banner.replaceChildren(
      'Connection lost: this is as last known. It goes on by itself when the backend runs again.',
    )
  }
  liveness.replaceChildren(isConnected ? `live · ${clockTime(Date.now())}` : 'last known')
}

addEventListener('hashchange', route)
if (keptKey() === null) lock(null)
else unlock()
