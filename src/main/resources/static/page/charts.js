// Small charts by SVG: the strip of a probe's rounds, and the histogram of a load run.

import { svg } from './dom.js';
import { count, micros, plural } from './format.js';

const ROUNDS = 120;
const HEIGHT = 28;
const BAR = 3;
const GAP = 1;

const tone = (round) => (!round.up ? 'bad' : round.error ? 'warn' : 'good');

// One bar a round, the newest at the right. The higher, the longer the median round trip, by a logarithm; a round
// without a reply is a full bar in red.
export function strip(entry) {
  const rounds = entry.rounds;
  const medians = rounds.filter((round) => round.medianMicros !== undefined && round.medianMicros !== null)
    .map((round) => Math.log10(round.medianMicros + 1));
  const low = Math.min(...medians) - 0.5;
  const high = Math.max(...medians, low + 1);
  const paths = { good: '', warn: '', bad: '' };
  rounds.forEach((round, index) => {
    const share = round.up ? 0.15 + 0.6 * (Math.log10(round.medianMicros + 1) - low) / (high - low) : 1;
    const height = Math.max(2, Math.round(share * HEIGHT));
    const x = (ROUNDS - rounds.length + index) * (BAR + GAP);
    paths[tone(round)] += `M${x} ${HEIGHT}v${-height}h${BAR}v${height}z`;
  });
  return svg('svg', { class: 'strip', viewBox: `0 0 ${ROUNDS * (BAR + GAP) - GAP} ${HEIGHT}`,
    preserveAspectRatio: 'none', role: 'img', 'aria-label': stripText(rounds) },
  svg('path', { class: 'base', d: `M0 ${HEIGHT}v-1H${ROUNDS * (BAR + GAP) - GAP}v1z` }), ...Object.entries(paths).filter(([, path]) => path).map(([name, path]) => svg('path', { class: name, d: path })));
}

export function stripText(rounds) {
  if (rounds.length === 0) {
    return 'No round has ended yet';
  }
  const failed = rounds.filter((round) => round.error || !round.up).length;
  return `${plural(rounds.length, 'round')}, ${failed === 0 ? 'none failed' : `${count(failed)} failed`}`;
}

const WIDTH = 640;
const CHART = 120;
const FOOT = 18;

const log = (micros) => Math.log10(Math.max(1, micros));

// Latencies from left to right by a logarithm, and how many messages took that long: the height is the square root of
// the number, so that what is rare stays visible.
export function histogram(buckets) {
  const used = buckets.map((bucket, index) => ({ ...bucket, from: index > 0 ? buckets[index - 1].toMicros
    : bucket.toMicros / 1.26 })).filter((bucket) => bucket.count > 0);
  if (used.length === 0) {
    return null;
  }
  const low = log(used[0].from) - 0.05;
  const high = Math.max(log(used.at(-1).toMicros) + 0.05, low + 0.5);
  const most = Math.max(...used.map((bucket) => bucket.count));
  const at = (micros) => (log(micros) - low) / (high - low) * WIDTH;
  const path = used.map((bucket) => bar(at(bucket.from), Math.max(1, at(bucket.toMicros) - at(bucket.from) - 1),
    Math.max(2, Math.sqrt(bucket.count / most) * CHART))).join('');
  const marks = [];
  for (let power = Math.ceil(low); power <= high; power++) {
    const x = (power - low) / (high - low) * WIDTH;
    marks.push(svg('path', { class: 'mark', d: `M${x} 0v${CHART + 4}` }),
      svg('text', { x, y: CHART + FOOT - 2, 'text-anchor': x < 20 ? 'start' : x > WIDTH - 30 ? 'end' : 'middle' },
        micros(10 ** power)));
  }
  const total = used.reduce((sum, bucket) => sum + bucket.count, 0);
  return svg('svg', { class: 'histogram', viewBox: `0 0 ${WIDTH} ${CHART + FOOT}`, role: 'img',
    'aria-label': `Histogram of the latencies of ${plural(total, 'message')}, up to ${micros(used.at(-1).toMicros)}` },
  ...marks, svg('path', { class: 'bars', d: path }));
}

function bar(x, width, height) {
  return `M${x.toFixed(1)} ${CHART}v${(-height).toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}z`;
}
