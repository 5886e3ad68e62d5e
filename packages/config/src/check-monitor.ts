import type { Path } from './path.ts';
import type { MonitorConfig } from './schema.ts';

const SHORTEST_INTERVAL_MS = 5000;
const SHORTEST_RETRY_MS = 1000;
const SHORTEST_TIMEOUT_MS = 100;

export type Report = (path: Path, message: string) => void;

/** What is wrong with one monitor that its schema cannot say. */
export function checkMonitor(monitor: MonitorConfig, path: Path, report: Report): void {
  checkTiming(monitor, path, report);
  checkExpectation(monitor, [...path, 'expect'], report);
  checkRequest(monitor, path, report);
}

function checkTiming(monitor: MonitorConfig, path: Path, report: Report): void {
  const { interval, timeout, retryInterval = interval } = monitor;
  const tooShort: Report = (at, least) => report(at, `is too short; write ${least} or more`);
  const tooLong: Report = (at) =>
    report(at, 'is longer than the interval; write at most the interval');
  if (interval < SHORTEST_INTERVAL_MS) tooShort([...path, 'interval'], '5s');
  if (retryInterval < SHORTEST_RETRY_MS) tooShort([...path, 'retryInterval'], '1s');
  if (retryInterval > interval) tooLong([...path, 'retryInterval'], '');
  if (timeout < SHORTEST_TIMEOUT_MS) tooShort([...path, 'timeout'], '100ms');
  if (timeout > interval) tooLong([...path, 'timeout'], '');
}

function checkExpectation({ expect, timeout }: MonitorConfig, path: Path, report: Report): void {
  const { within, json, status } = expect;
  if (within !== undefined && within >= timeout)
    report([...path, 'within'], 'is not shorter than the timeout; write less than it');
  if (json && !json.path.startsWith('$'))
    report([...path, 'json', 'path'], 'is no JSONPath; write one such as $.status');
  status.forEach((range, index) => {
    const [low, high = low] = range.split('-');
    if (Number(high) < Number(low))
      report([...path, 'status', index], `${range} is empty; write the lower status first`);
  });
}

function checkRequest({ body, method, headers }: MonitorConfig, path: Path, report: Report): void {
  if (body !== undefined && ['GET', 'HEAD'].includes(method))
    report([...path, 'body'], `cannot go with ${method}; write method: POST or another`);
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      report([...path, 'headers', name], 'is no header name; write letters, digits and hyphens');
    if (hasControlCharacter(value))
      report([...path, 'headers', name], 'holds a line end or control character; write one line');
  }
}

/** Whether a text holds what would end a header or a line: any control character but a tab. */
export function hasControlCharacter(text: string): boolean {
  return /[^\P{Cc}\t]/u.test(text);
}
