import { Chalk, type ChalkInstance } from 'chalk';
import { plainText } from '../core/plain-text.ts';
import type { Forecast, ForecastEvent } from '../simulate/forecast.ts';
import { cutToWidth } from './columns.ts';
import { duration } from './duration.ts';

/** A forecast as a time-lapse, its sums, and what stays open and why. */
export function renderForecast(
  result: Forecast,
  { width, color }: { readonly width: number; readonly color: boolean },
): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const { events, holds, landed, attempts, minutes, mostAtOnce, agentMinutes, isCut } = result;
  const lapse = events.map(event => lineOf(event, chalk, width));
  const sums = [
    `${landed} landed in ${duration(minutes * 60_000)}, ${attempts} attempts`,
    `at most ${mostAtOnce} attempts at a time, ${duration(agentMinutes * 60_000)} of agents`,
  ];
  const waiting = holds.map(({ repo, issue, code, reason }) =>
    cutToWidth(plainText(`  ${repo}#${issue ?? ''}  ${code}  ${reason}`).replaceAll('\n', ' '), width),
  );
  return [
    ...(lapse.length > 0 ? [...lapse, ''] : []),
    chalk.bold(sums.join(' · ')),
    ...(isCut ? ['It was not over after 14 days, and is cut off there.'] : []),
    ...(waiting.length > 0 ? ['Open in the end', ...waiting] : []),
    chalk.dim(
      'Simulated: how long agents take and which of them fail is drawn; GitHub and the hosts always work.',
    ),
    '',
  ].join('\n');
}

const SIGNS = { begins: '▶', lands: '✓', fails: '✗' } as const;

function lineOf(event: ForecastEvent, chalk: ChalkInstance, width: number): string {
  const { minute, repo, issue, attempt, host, kind, note } = event;
  const about = `${repo}#${issue}, attempt ${attempt}`;
  const text = `${clock(minute)}  ${SIGNS[kind]} ${host}  ${about}  ${kind}${note ? `: ${note}` : ''}`;
  const line = cutToWidth(plainText(text).replaceAll('\n', ' '), width);
  if (kind === 'lands') return chalk.green(line);
  return kind === 'fails' ? chalk.red(line) : line;
}

/** Hours and minutes since the beginning. */
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(3)}:${String(minute % 60).padStart(2, '0')}`;
