import { dataTable, empty, h, replaceInPlace } from '../element.js'
import { count, moment } from '../words.js'

const waiting = [{ title: 'Due' }, { title: 'Function' }, { title: 'Arguments' }]
const failures = [{ title: 'Failed' }, { title: 'Function' }, { title: 'Error' }, { title: 'Arguments' }]

/** What `ctx.scheduler` was asked for: what runs, what waits, what failed. */
export function showScheduled(root, { get, follow }) {
  follow({
    everyMs: 2_000,
    load: () => get('/api/inspect/scheduled'),
    show: (answer) => replaceInPlace(root, ...sections(answer)),
  })
}

function sections({ limit, inProgress, pending, failed }) {
  const number = (rows) => (rows.length < limit ? count(rows.length) : `${limit} and maybe more`)
  const title = (text, rows) => h('h2', {}, text, h('span', { class: 'muted' }, ` ${number(rows)}`))
  const running = inProgress.map((row) => h('tr', {}, ...due(row)))
  const bodyOf = (rows) => h('tbody', {}, ...rows)
  return [
    ...(running.length === 0
      ? []
      : [title('Running', inProgress), dataTable('Running', waiting, bodyOf(running))]),
    title('Failed', failed),
    failed.length === 0
      ? empty('None of the last hour failed.')
      : dataTable('Failed', failures, bodyOf(failed.map(failure))),
    title('Waiting', pending),
    pending.length === 0
      ? empty('Nothing waits to be run.')
      : dataTable('Waiting', waiting, bodyOf(pending.map((row) => h('tr', {}, ...due(row))))),
  ]
}

function due({ scheduledTime, path, args }) {
  return [
    h('td', {}, moment(scheduledTime)),
    h('th', { scope: 'row' }, h('code', {}, path)),
    argumentsCell(args),
  ]
}

function failure({ completedTime, scheduledTime, path, error, args }) {
  return h(
    ...[
      'tr',
      {},
      h('td', {}, moment(completedTime ?? scheduledTime)),
      h('th', { scope: 'row' }, h('code', {}, path)),
    ],
    ...[h('td', { class: 'problem long' }, `✕ ${error}`), argumentsCell(args)],
  )
}

function argumentsCell(args) {
  return h('td', { class: 'long' }, h('code', {}, args))
}
