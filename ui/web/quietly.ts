/** Runs what is only bookkeeping, such as counting and logging: whatever it throws is dropped, and its caller goes on. */
export function quietly(act: () => void): void {
  try {
    act()
  } catch {
    // Reporting it would be bookkeeping too.
  }
}
