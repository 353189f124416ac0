// The page: it follows the stream of the service, keeps what it was told, and shows it.

import { announce, byId, element, setText } from './dom.js';
import * as format from './format.js';
import { Table } from './tables.js';
import { strip, stripText } from './charts.js';
import { button, closeConnection, echoDialog, faultsDialog, loadDialog } from './actions.js';
import { LoadRuns } from './load.js';
import { Calls } from './calls.js';

const SECTIONS = ['servers', 'probes', 'clients'];
const ROUNDS = 120;
const WRITE = ['connections', 'echo', 'faults', 'load'];
const WEEK = 7 * 86_400;
// Connections that are read again by themselves; more are read when somebody asks.
const FEW = 1000;
const MOST = 10_000;

const model = { service: {}, failures: [] };
for (const name of SECTIONS) {
  model[name] = new Map();
}

const reasons = (counts) => Object.entries(counts ?? {}).sort(([, one], [, other]) => other - one)
  .map(([reason, times]) => `${reason} ${format.about(times)}`).join(', ');
const writable = (id) => model.service.write?.[id];

function named(entry, ...about) {
  return (fragment(entry.name, element('span', { class: 'kind' }, about.filter(Boolean).join(' · '))));
}

function fragment(...nodes) {
  const all = document.createDocumentFragment();
  all.append(...nodes);
  return all;
}

const kindOf = (server) => [server.transport.toUpperCase(),
  server.framing && server.framing !== 'none' ? server.framing : null,
  server.mode && server.mode !== 'echo' ? server.mode : null, server.tls ? 'TLS' : null];

function expiry(server) {
  return server.certificateExpiry ? (Date.parse(server.certificateExpiry) - Date.now()) / 1000 : undefined;
}

function expiryText(server) {
  const left = expiry(server);
  return left === undefined ? '' : left < 0 ? 'expired' : `in ${left > 2 * 86_400 ? `${Math.floor(left / 86_400)} d`
    : format.length(left)}`;
}

const faultText = (fault) => `${fault.name}: ${fault.type}${fault.enabled === false ? ', off' : ''}, `
  + `${format.about(fault.injected)}×`;

function faultsNode(server) {
  const list = server.faults.length > 0 ? element('ul', { class: 'faults' },
    ...server.faults.map((fault) => element('li', { class: 'fault' }, faultText(fault)))) : null;
  const change = writable('faults') ? button('Change', `Change the faults of ${server.name}`,
    () => faultsDialog(writable('faults'), model.servers.get(server.key))) : null;
  return element('div', { class: 'change' }, list, change);
}

const servers = new Table(byId('servers'), 'servers', [
  { label: 'Server', header: true, text: (s) => `${s.name} ${kindOf(s).filter(Boolean).join(' ')}`,
    node: (s) => named(s, ...kindOf(s)) },
  { label: 'State', text: (s) => s.state, tone: (s) => (s.state === 'listening' ? 'good' : 'bad') },
  { label: 'Address', text: (s) => format.endpoint(s.address, s.port), tone: () => 'mono',
    title: (s) => `${s.address ?? ''} port ${s.port}` },
  { label: 'Connections', number: true, text: (s) => (s.activeConnections === undefined ? ''
    : s.maxConnections > 0 ? `${format.count(s.activeConnections)} of ${format.count(s.maxConnections)}`
      : format.count(s.activeConnections)) },
  { label: 'Messages/s', number: true, text: (s) => format.about(s.rates?.receivedMessages) },
  { label: 'Received/s', number: true, text: (s) => format.bytes(s.rates?.receivedBytes) },
  { label: 'Sent/s', number: true, text: (s) => format.bytes(s.rates?.sentBytes) },
  { label: 'Messages', number: true, text: (s) => format.count(s.receivedMessages) },
  { label: 'Bytes', number: true, text: (s) => format.bytes(s.receivedBytes) },
  { label: 'Rejected, dropped', optional: true, text: (s) => reasons(s.refused), tone: () => 'warn' },
  { label: 'Errors', optional: true, text: (s) => reasons(s.errors), tone: () => 'warn' },
  { label: 'Certificate', optional: true, text: expiryText, title: (s) => s.certificateExpiry,
    tone: (s) => (expiry(s) < 0 ? 'bad' : expiry(s) < WEEK ? 'warn' : '') },
  { label: 'Faults', optional: true, text: (s) => [...s.faults.map(faultText), writable('faults') && 'Change']
    .filter(Boolean).join(', '), node: faultsNode },
], 'No server is configured.');
const calls = new Calls(byId('servers'));
servers.onshow = (shown) => calls.show(shown);

const probes = new Table(byId('probes'), 'probes', [
  { label: 'Probe', header: true, text: (p) => p.name,
    node: (p) => named(p, p.transport.toUpperCase(), format.endpoint(p.host, p.port)) },
  { label: 'State', text: (p) => (p.status === 'UP' ? 'up' : p.status === 'DOWN' ? `down${p.error ? `: ${p.error}` : ''}`
    : 'waiting'), tone: (p) => (p.status === 'UP' ? 'good' : p.status === 'DOWN' ? 'bad' : ''),
  title: (p) => (p.since ? `since ${format.time(p.since)}` : '') },
  { label: 'Loss', number: true, text: (p) => format.percent(p.loss) },
  { label: 'Median', number: true, text: (p) => format.micros(p.medianMicros) },
  { label: 'p99', number: true, text: (p) => format.micros(p.p99Micros) },
  { label: 'Jitter', number: true, text: (p) => format.micros(p.jitterMicros) },
  { label: 'Last 120 rounds', wide: true, text: (p) => `${p.rounds.at(-1)?.id ?? ''} ${stripText(p.rounds)}`, node: strip },
], 'No probe is configured. One measures an echo server all the time. For example, in application.yml: '
  + 'echo.probes.backend: { transport: tcp, host: echo.example.org, port: 7007 }');

const clients = new Table(byId('clients'), 'clients', [
  { label: 'Client', header: true, text: (c) => c.name, node: (c) => named(c, c.transport.toUpperCase()) },
  { label: 'Sends to', text: (c) => format.endpoint(c.host, c.port), tone: () => 'mono' },
  { label: 'Messages/s', number: true, text: (c) => format.about(c.rates?.sentMessages) },
  { label: 'Sent/s', number: true, text: (c) => format.bytes(c.rates?.sentBytes) },
  { label: 'Received/s', number: true, text: (c) => format.bytes(c.rates?.receivedBytes) },
  { label: 'Messages', number: true, text: (c) => format.count(c.sentMessages) },
  { label: 'Replies', number: true, text: (c) => format.count(c.receivedMessages) },
  { label: 'Errors', optional: true, text: (c) => reasons(c.errors), tone: () => 'warn' },
  { label: 'Actions', optional: true, actions: true,
    text: () => [writable('echo') && 'Send', writable('load') && 'Load'].filter(Boolean).join(' '),
    node: (c) => element('span', { class: 'buttons' },
      writable('echo') ? button('Send', `Send with ${c.name}`, () => echoDialog(writable('echo'), c.name)) : null,
      writable('load') ? button('Load', `Load run with ${c.name}`, () => loadDialog(writable('load'), c.name)) : null) },
], 'No client is configured. With one, this service calls an echo server, and puts load on it. For example, in application.yml: '
  + 'echo.tcp.clients.backend: { host: echo.example.org, port: 1337, framing: line }');

const failures = new Table(byId('failures'), 'failures', [
  { label: 'Time', text: (f) => format.time(f.at), title: (f) => new Date(f.at).toISOString() },
  { label: 'What', header: true, text: (f) => `${f.name} ${f.kind}`,
    node: (f) => named(f, `${f.transport.toUpperCase()} ${f.kind}`) },
  { label: 'Reason', text: (f) => f.error, tone: () => 'mono' },
  { label: 'Times', number: true, text: (f) => format.count(f.count),
    title: () => 'within ten seconds' },
], 'None since the start.');

const connections = new Table(byId('connections'), 'connections', [
  { label: 'Source', header: true, text: (c) => c.source, node: (c) => element('span', { class: 'mono' }, c.source) },
  { label: 'Server', text: (c) => c.server },
  { label: 'Open for', number: true, text: (c) => format.length((Date.now() - Date.parse(c.opened)) / 1000) },
  { label: 'Idle', number: true, text: (c) => format.length(format.seconds(c.idle)) },
  { label: 'Messages', number: true, text: (c) => format.count(c.messagesReceived) },
  { label: 'Received', number: true, text: (c) => format.bytes(c.bytesReceived) },
  { label: 'Sent', number: true, text: (c) => format.bytes(c.bytesSent) },
  { label: 'TLS', optional: true, text: (c) => c.tlsProtocol ?? '' },
  { label: 'Actions', optional: true, actions: true, text: () => (writable('connections') ? 'Close' : ''),
    node: (c) => button('Close', `Close the connection of ${c.source}`, () => act(async () => {
      await closeConnection(writable('connections'), c);
      await readConnections();
    })) },
], '');
const connectionsTotal = element('p', { class: 'quiet' });
byId('connections-title').after(element('div', { class: 'bar' }, connectionsTotal,
  button('Refresh', 'Refresh the connections', () => act(readConnections))));

const loadRuns = new LoadRuns(byId('load'), writable);

// Runs an action of a button, and says what went wrong.
async function act(action) {
  try {
    await action();
  } catch (error) {
    announce(error.message);
    setText(connectionsTotal, error.message);
  }
}

let connectionsDue = 0;
let connectionsRead = 0;

async function readConnections() {
  connectionsDue = Infinity;
  try {
    const response = await fetch(`${model.service.read.connections}?limit=${MOST}`);
    if (!response.ok) {
      throw new Error(`The connections are not known: the answer is ${response.status}.`);
    }
    const list = await response.json();
    connectionsRead = list.total;
    setText(connectionsTotal, list.total > list.connections.length
      ? `${format.count(list.total)} open; these are the oldest ${format.count(list.connections.length)}`
      : `${format.count(list.total)} open${list.total > FEW ? `, as of ${format.time(Date.now())}` : ''}`);
    connections.show(list.connections.map((connection) => ({ ...connection, key: connection.id })));
  } finally {
    connectionsDue = Date.now() + 5000;
  }
}

function showConnections() {
  const readable = Boolean(model.service.read?.connections);
  byId('connections').hidden = !readable;
  if (readable && Date.now() >= connectionsDue && (connectionsRead <= FEW || connectionsDue === 0)
      && !document.hidden) {
    readConnections().catch(() => {});
  }
}

function showOverview() {
  const all = [...model.servers.values()];
  const open = all.reduce((sum, server) => sum + (server.activeConnections ?? 0), 0);
  const rate = all.reduce((sum, server) => sum + (server.rates?.receivedMessages ?? 0), 0);
  const stopped = all.filter((server) => server.state !== 'listening').length;
  const faulty = all.filter((server) => server.faults.length > 0).length;
  const down = [...model.probes.values()].filter((probe) => probe.status === 'DOWN').length;
  const items = [
    [format.count(all.length - stopped), all.length - stopped === 1 ? 'server listens' : 'servers listen'],
    [format.count(open), open === 1 ? 'connection' : 'connections'],
    [format.about(rate), rate === 1 ? 'message a second' : 'messages a second'],
  ];
  if (model.probes.size > 0) {
    items.push([format.count(model.probes.size - down), `of ${format.plural(model.probes.size, 'probe')} up`,
      down > 0 ? 'bad' : '']);
  }
  if (stopped > 0) {
    items.push([format.count(stopped), stopped === 1 ? 'server has stopped' : 'servers have stopped', 'bad']);
  }
  if (faulty > 0) {
    items.push([format.count(faulty), faulty === 1 ? 'server with faults' : 'servers with faults', 'bad']);
  }
  const list = byId('overview');
  while (list.children.length < items.length) {
    list.append(element('li', {}, element('b'), element('span')));
  }
  while (list.children.length > items.length) {
    list.lastChild.remove();
  }
  items.forEach(([value, text, tone], index) => {
    const [number, name] = list.children[index].children;
    setText(number, value);
    setText(name, ` ${text}`);
    list.children[index].dataset.tone = tone ?? '';
  });
  document.title = `${down + stopped > 0 ? '(!) ' : ''}Socket Echo`;
  return { down, stopped, faulty };
}

// What has become better or worse, for those who do not see the colours.
let said;

function sayChanges(now) {
  if (said) {
    const texts = [];
    if (now.down !== said.down) {
      texts.push(now.down === 0 ? 'All probes are up' : `${format.plural(now.down, 'probe')} down`);
    }
    if (now.stopped !== said.stopped) {
      texts.push(now.stopped === 0 ? 'All servers listen' : `${format.plural(now.stopped, 'server')} stopped`);
    }
    if (now.faulty !== said.faulty) {
      texts.push(now.faulty === 0 ? 'No server has faults' : `${format.plural(now.faulty, 'server')} with faults`);
    }
    if (texts.length > 0) {
      announce(texts.join('. '));
    }
  }
  said = now;
}

function showService() {
  const { identity, version, write, started } = model.service;
  const names = Object.entries(identity ?? {}).map(([name, value]) => `${name} ${value}`);
  setText(byId('identity'), [version ? `Version ${version}` : null, `started ${format.time(started)}`, ...names]
    .filter(Boolean).join(' · '));
  const open = Object.keys(write ?? {});
  const closed = WRITE.filter((id) => !open.includes(id));
  const how = 'sets management.endpoint.<name>.access to unrestricted';
  setText(byId('access'), !model.service.read?.connections && open.length === 0 ? 'This page only reads.'
    : open.length === 0 ? `This page only reads. To let it write, the operator ${how}, with the name ${WRITE.join(', ')}.`
      : `This page may write: the operator has opened ${open.join(', ')}.`
        + (closed.length > 0 ? ` To open ${closed.join(', ')}, the operator ${how}.` : ''));
}

function render() {
  servers.show([...model.servers.values()]);
  probes.show([...model.probes.values()]);
  clients.show([...model.clients.values()]);
  failures.show(model.failures.map((failure) => ({ ...failure, key: failure.id })));
  loadRuns.show(model.load);
  showConnections();
  sayChanges(showOverview());
}

function take(event) {
  if (event.whole) {
    const { started, version } = model.service;
    if (version && event.version !== version) {
      // The service has another version, and so has its page.
      location.reload();
    }
    model.service = event;
    SECTIONS.forEach((name) => model[name].clear());
    model.load = undefined;
    connected(started && event.started !== started ? event.started : undefined);
    showService();
  }
  for (const name of SECTIONS) {
    for (const entry of event[name] ?? []) {
      const before = model[name].get(entry.key);
      if (name === 'probes' && before && !event.whole) {
        entry.rounds = [...before.rounds, ...entry.rounds].slice(-ROUNDS);
      }
      model[name].set(entry.key, entry);
    }
  }
  model.failures = event.failures ?? model.failures;
  model.load = event.load ?? model.load;
  render();
}

// The stream. A browser gives some errors up for good, so the page connects again by itself.
let source;
let waiting;
let wait = 1000;
let lost = false;

function connect() {
  clearTimeout(waiting);
  source?.close();
  source = new EventSource('page/events');
  source.onmessage = (message) => {
    watch();
    take(JSON.parse(message.data));
  };
  source.onerror = disconnected;
  watch();
}

// The service sends an event every second: without one for so long, the connection is dead.
function watch() {
  clearTimeout(waiting);
  waiting = setTimeout(disconnected, 8000);
}

function disconnected() {
  source.close();
  clearTimeout(waiting);
  waiting = setTimeout(connect, wait);
  wait = Math.min(wait * 1.5, 5000);
  if (!lost) {
    lost = true;
    state('lost', 'Connection lost. Trying again. What you see is old.');
  }
}

function connected(restarted) {
  wait = 1000;
  if (restarted) {
    state('live', `Connected again. The service was restarted at ${format.time(restarted)}.`);
  } else if (lost) {
    state('live', 'Connected again.');
  } else {
    state('live', 'Live');
  }
  lost = false;
  connectionsDue = 0;
}

function state(name, text) {
  byId('state').dataset.state = name;
  setText(byId('state'), text);
}

// A browser may keep a page that was left, for its back button. There it would still be one of the viewers.
addEventListener('pagehide', () => {
  clearTimeout(waiting);
  source.close();
});
addEventListener('pageshow', (event) => {
  if (event.persisted) {
    connect();
  }
});

connect();
