// Load runs: how far each is, and what it has measured.

import { announce, element, setText } from './dom.js';
import { about, bytes, count, micros, percent, plural, seconds } from './format.js';
import { histogram } from './charts.js';
import { button, stopLoad } from './actions.js';

const STATES = { warming_up: 'warming up', running: 'running', finished: 'finished', stopped: 'stopped', failed: 'failed' };
const LATENCIES = [['minMicros', 'Minimum'], ['p50Micros', 'Median'], ['p90Micros', 'p90'], ['p99Micros', 'p99'],
  ['p999Micros', 'p99.9'], ['p9999Micros', 'p99.99'], ['maxMicros', 'Maximum']];

export class LoadRuns {
  constructor(section, writable) {
    this.section = section;
    this.writable = writable;
    this.cards = new Map();
  }

  // Shows the runs; undefined where the service has none to show.
  show(load) {
    const runs = load?.runs ?? [];
    this.section.hidden = runs.length === 0;
    const clients = new Set(runs.map((run) => run.client));
    for (const [client, card] of this.cards) {
      if (!clients.has(client)) {
        card.node.remove();
        this.cards.delete(client);
      }
    }
    for (const run of runs) {
      const card = this.cards.get(run.client) ?? this.newCard(run);
      if (card.shown !== run) {
        card.shown = run;
        this.update(card, run);
      }
    }
  }

  newCard(run) {
    const state = element('p', { class: 'quiet', role: 'status' });
    const stop = button('Stop', `Stop the load run with ${run.client}`, () => stopLoad(this.writable('load'), run.client)
      .catch((error) => announce(error.message)));
    const progress = element('progress', { max: 1, 'aria-label': `Progress of the load run with ${run.client}` });
    const figures = element('dl', { class: 'figures' });
    const chart = element('div');
    const node = element('article', { class: 'run' },
      element('div', { class: 'bar' }, element('h3', {}, run.client), state, stop), progress, figures, chart);
    this.section.append(node);
    const card = { node, state, stop, progress, figures, chart };
    this.cards.set(run.client, card);
    return card;
  }

  update(card, run) {
    const under = run.state === 'running' || run.state === 'warming_up';
    setText(card.state, STATES[run.state] ?? run.state);
    card.stop.hidden = !under || !this.writable('load');
    card.progress.hidden = !under;
    card.progress.value = Math.min(1, (run.elapsedSeconds ?? 0) / (seconds(run.duration) || Infinity));
    // Some are lost before they are sent
    const ended = run.received + run.lost + run.corrupted;
    const figures = [['Rate', run.rateAsked ? `${about(run.rateReached)} of ${about(run.rateAsked)}/s`
      : `${about(run.rateReached)}/s`], ['Sent', count(run.sent)], ['Received', count(run.received)],
    ['Lost', `${count(run.lost)}${run.lost > 0 ? ` (${percent(run.lost / ended)})` : ''}`],
    ['Corrupted', count(run.corrupted)], ['Bytes', bytes(run.bytes)],
    ...LATENCIES.map(([name, label]) => [label, micros(run.latency?.[name])]),
    ...(run.rateAsked ? [['Schedule lag, p99', micros(run.scheduleLagMicros)]] : []),
    ...Object.entries(run.errors ?? {}).map(([error, times]) => [error, plural(times, 'time')])];
    card.figures.replaceChildren(...figures.map(([label, value]) => element('div', {}, element('dt', {}, label),
      element('dd', {}, value))));
    const drawn = histogram(run.histogram ?? []);
    card.chart.replaceChildren(...(drawn ? [drawn] : []));
  }
}
