import type { ReactNode } from 'react'
import type { Doubt, Shape, Tone } from '../presence/marks'
import { shapeTone } from './tones'

const circle = <circle cx="6" cy="6" r="4.5" fill="none" />
const disc = <circle cx="6" cy="6" r="4.5" />
const triangle = <path d="M6 1.7 10.9 10.3H1.1z" strokeLinejoin="round" />
const across = <path d="M2.9 9.1 9.1 2.9" />

/** Drawn, not typed: the characters differ in size and place from one system font to the next. */
const full: Record<Shape, ReactNode> = {
  '●': disc,
  '◐': (
    <>
      {circle}
      <path d="M6 1.5a4.5 4.5 0 0 0 0 9z" />
    </>
  ),
  '◔': (
    <>
      {circle}
      <path d="M6 6V1.5A4.5 4.5 0 0 1 10.5 6z" />
    </>
  ),
  '◍': (
    <>
      {circle}
      <path d="M4 2.2v7.6M6 1.6v8.8M8 2.2v7.6" />
    </>
  ),
  '○': circle,
  '✕': <path d="m2.2 2.2 7.6 7.6m0-7.6-7.6 7.6" strokeWidth="2" />,
  '◌': <circle cx="6" cy="6" r="4.5" fill="none" strokeDasharray="1.6 1.93" />,
  '⊘': (
    <>
      {circle}
      {across}
    </>
  ),
  '≈': (
    <path
      d="M1.2 4.6c1.6-2 3.2-2 4.8-.4s3.2 1.6 4.8-.4M1.2 8.8c1.6-2 3.2-2 4.8-.4s3.2 1.6 4.8-.4"
      fill="none"
    />
  ),
  '◇': <path d="M6 1 11 6 6 11 1 6z" fill="none" />,
  '▲': triangle,
  '△': <g fill="none">{triangle}</g>,
}

/** A hollow disc would be the ring of "offline": two rings tell them apart. */
const hollowDisc = (
  <>
    {circle}
    <circle cx="6" cy="6" r="1.75" fill="none" />
  </>
)

interface Props {
  shape: Shape
  tone: Tone
  doubt?: Doubt
}

/**
 * The shape of a status in its colour: hollow when it is only last known, with a question mark when it is unconfirmed.
 * Decoration: the word stands beside it.
 */
export function StatusShape({ shape, tone, doubt = 'none' }: Props) {
  const isHollow = doubt === 'last known'
  const drawn = (
    <svg
      viewBox="0 0 12 12"
      className={`inline-block size-3 shrink-0 ${shapeTone[tone]}`}
      fill={isHollow ? 'none' : 'currentColor'}
      stroke="currentColor"
      strokeWidth="1.3"
      aria-hidden="true"
      data-shape={shape}
    >
      {isHollow && shape === '●' ? hollowDisc : full[shape]}
    </svg>
  )
  if (doubt !== 'unconfirmed') return drawn
  return (
    <span className={`inline-flex items-center gap-px ${shapeTone[tone]}`} aria-hidden="true">
      {drawn}
      <span className="text-small font-semibold">?</span>
    </span>
  )
}
