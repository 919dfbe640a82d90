import { describe, expect, test } from 'vitest'
import { inZone, nextRun, scheduleWords } from '../../../ui/runs/schedule.ts'

describe('a schedule in words', () => {
  test.each([
    ['* * * * *', 'every minute'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['0 * * * *', 'every hour'],
    ['5 * * * *', 'every hour at :05'],
    ['0,30 * * * *', 'every hour at :00 and :30'],
    ['20 */6 * * *', 'every 6 hours at :20'],
    ['0 6 * * *', 'every day at 06:00'],
    ['30 6,18 * * *', 'every day at 06:30 and 18:30'],
    ['0 6 * * 1', 'every Monday at 06:00'],
    ['0 6 * * 1-5', 'Monday to Friday at 06:00'],
    ['0 6 * * MON-FRI', 'Monday to Friday at 06:00'],
    ['0 6 * * 0,6', 'Sunday and Saturday at 06:00'],
    ['0 6 * * 7', 'every Sunday at 06:00'],
    ['*/5 * * * 1-5', 'every 5 minutes, Monday to Friday'],
    ['0 3 1 * *', 'on the 1st of every month at 03:00'],
    ['0 3 1,15 * *', 'on the 1st and 15th of every month at 03:00'],
    ['0 3 22 * *', 'on the 22nd of every month at 03:00'],
    ['0 0 1 jan *', 'on 1 January at 00:00'],
    ['@daily', 'every day at 00:00'],
    ['@weekly', 'every Sunday at 00:00'],
    [' @hourly ', 'every hour'],
  ])('%s is %s', (schedule, words) => {
    expect(scheduleWords(schedule)).toBe(words)
  })

  test.each([
    '*/7 * * * *',
    '*/15 9-17 * * *',
    '0 6 1 * 1',
    '0 6 * 2 *',
    '0 6 * * 1#2',
    '0 6 L * *',
    '60 6 * * *',
    '0 24 * * *',
    '0 6 0 * *',
    '0 6 * * 5-1',
    '0 0,6,12,18,22 * * *',
    '0 0 6 * * *',
    '@reboot',
    '@every 1h',
    'toString * * * *',
    '',
  ])('%s is told as it is written', (schedule) => {
    expect(scheduleWords(schedule)).toBeNull()
  })
})

describe('the next run', () => {
  const at = Date.UTC(2026, 10, 3, 14, 5)

  test.each([
    ['0 6 * * *', 'UTC', Date.UTC(2026, 10, 4, 6)],
    ['0 6 * * *', 'Asia/Kolkata', Date.UTC(2026, 10, 4, 0, 30)],
    ['5 14 * * *', 'UTC', Date.UTC(2026, 10, 4, 14, 5)],
    ['*/15 9-17 * * *', 'UTC', Date.UTC(2026, 10, 3, 14, 15)],
    ['0 6 * * 7', 'UTC', Date.UTC(2026, 10, 8, 6)],
    ['0 6 1 * 3', 'UTC', Date.UTC(2026, 10, 4, 6)],
    ['@weekly', 'UTC', Date.UTC(2026, 10, 8)],
  ])('of %s in %s is when its clock says so', (schedule, zone, next) => {
    expect(nextRun(schedule, at, zone)).toBe(next)
  })

  test.each(['@reboot', '@every 1h', '0 0 6 * * *', '99 * * * *', '0 6 */2 * 1', '0 0 31 2 *', ''])(
    'of %s is not told',
    (schedule) => {
      expect(nextRun(schedule, at, 'UTC')).toBeNull()
    },
  )

  test('is written as the clock of the server shows it', () => {
    expect(inZone(at, 'UTC')).toBe('Tue 3 Nov, 14:05')
    expect(inZone(Date.UTC(2026, 10, 3, 0, 5), 'Asia/Kolkata')).toBe('Tue 3 Nov, 05:35')
    expect(inZone(Date.UTC(2026, 10, 3), 'UTC')).toBe('Tue 3 Nov, 00:00')
  })
})
