/** Runs bcrypt away from the main thread, which a cost of 12 would stall for a quarter of a second each time. */
import { parentPort } from 'node:worker_threads'
import bcrypt from 'bcryptjs'
import type { Answer, Question } from './hashing.ts'

parentPort?.on('message', (question: Question) => {
  parentPort?.postMessage(answer(question))
})

function answer(question: Question): Answer {
  const { password } = question
  const tooLong = bcrypt.truncates(password)
  if (question.kind === 'verify')
    return { kind: 'verify', matches: bcrypt.compareSync(password, question.hash) && !tooLong }
  if (tooLong) return { kind: 'refused', reason: 'a password over 72 bytes would be cut by bcrypt' }
  return { kind: 'hash', hash: bcrypt.hashSync(password, question.cost) }
}
