import { Fragment } from 'react'
import type { Sentence } from '../presence/Sentence'
import { MomentText } from './MomentText'

export function SentenceText({ sentence }: { sentence: Sentence }) {
  return sentence.map((part, index) => (
    <Fragment key={index}>{typeof part === 'string' ? part : <MomentText moment={part} />}</Fragment>
  ))
}
