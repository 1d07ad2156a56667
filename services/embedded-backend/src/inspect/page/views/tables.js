import { empty, h, replaceInPlace } from '../element.js'
import { count } from '../words.js'
import { showDocuments } from './documents.js'

/** All tables with their sizes; beside them the documents of the one that the address names. */
export function showTables(root, { get, follow, detail, ...rest }) {
  const list = h('ul')
  const documents = h('section', {
    class: 'documents',
    'aria-label': detail ? `Documents of ${detail}` : 'Documents',
  })
  let begun = false
  follow({
    everyMs: 3_000,
    load: () => get('/api/inspect/tables'),
    show: ({ tables }) => {
      if (tables.length === 0) {
        root.replaceChildren(empty('There are no tables yet: a schema or the first document makes one.'))
        return
      }
      replaceInPlace(list, ...tables.map((table) => item(table, detail)))
      if (begun) return
      begun = true
      const nav = h('nav', { class: 'list', 'aria-label': 'Tables' }, h('h2', {}, 'Tables'), list)
      root.replaceChildren(h('div', { class: 'beside' }, nav, documents))
      list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
      if (detail === '')
        documents.replaceChildren(empty('Choose a table to see its documents, newest first.'))
      else showDocuments(documents, detail, { get, ...rest })
    },
  })
}

function item({ name, documents }, chosen) {
  const href = `#tables/${encodeURIComponent(name)}`
  const unit = h('span', { class: 'unseen' }, documents === 1 ? ' document' : ' documents')
  const size = h('span', { class: documents === 0 ? 'number muted' : 'number' }, count(documents), unit)
  return h(
    'li',
    {},
    h('a', { href, 'data-key': name, 'aria-current': name === chosen && 'true' }, name, size),
  )
}
