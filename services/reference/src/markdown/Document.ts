import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import GithubSlugger from 'github-slugger'
import type { Node, Nodes, Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { globSync } from 'tinyglobby'
import { visit } from 'unist-util-visit'

/** A Markdown file, parsed. `path` is from the repository's folder, with slashes. */
export interface Document {
  path: string
  tree: Root
}

const patterns = ['README.md', 'docs/**/*.md', 'codemaps/*.md', 'services/*/README.md']

/** What people read of the repository below `root`. */
export function readDocuments(root: string): Document[] {
  return globSync(patterns, { cwd: root })
    .sort()
    .map((path) => readDocument(root, path))
}

export function readDocument(root: string, path: string): Document {
  const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }
  return { path, tree: fromMarkdown(readFileSync(join(root, path), 'utf8'), options) }
}

/** The line on which a part of a document begins; the first is 1. */
export function lineOf(node: Node): number {
  return node.position?.start.line ?? 1
}

/** What a part says, without its marks. */
export function plainText(node: Nodes): string {
  if ('value' in node) return node.value
  return 'children' in node ? node.children.map(plainText).join('') : ''
}

/** The anchors that GitHub gives the headings, and those that are written out. */
export function anchorsOf({ tree }: Document): Set<string> {
  const slugger = new GithubSlugger()
  const anchors = new Set<string>()
  visit(tree, (node) => {
    if (node.type === 'heading') anchors.add(slugger.slug(plainText(node)))
    if (node.type !== 'html') return
    for (const [, id] of node.value.matchAll(/\b(?:id|name)="([^"]+)"/g)) if (id) anchors.add(id)
  })
  return anchors
}
