/** Does the work with the next frame, however often it is requested until then. */
export function oncePerFrame(work: () => void): () => void {
  let due = false
  return () => {
    if (due) return
    due = true
    requestAnimationFrame(() => {
      due = false
      work()
    })
  }
}
