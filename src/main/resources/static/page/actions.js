// What writes: each action calls one endpoint, which checks everything by itself. The page has a button only where the
// operator has opened the endpoint.

import { announce, element } from './dom.js';
import { count, micros } from './format.js';

// Calls an endpoint. Fails with what the endpoint says is wrong.
export async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  let answer;
  try {
    answer = text ? JSON.parse(text) : {};
  } catch {
    answer = {};
  }
  if (!response.ok) {
    throw new Error(answer.detail ?? answer.error ?? `The answer is ${response.status}.`);
  }
  return answer;
}

const path = (...parts) => [parts[0], ...parts.slice(1).map(encodeURIComponent)].join('/');

export function button(text, label, action) {
  return element('button', { type: 'button', 'aria-label': label, onclick: action }, text);
}

export async function closeConnection(endpoint, connection) {
  await call('DELETE', path(endpoint, connection.id));
  announce(`The connection of ${connection.source} is closed`);
}

export function echoDialog(endpoint, client) {
  const message = element('input', { value: 'hello', autocomplete: 'off', maxlength: 100000 });
  const messages = number('1', 1, 1000);
  dialog(`Send with ${client}`, 'Send', [field('Message', message), field('How many', messages)], async () => {
    const report = await call('POST', path(endpoint, client), { message: message.value, count: Number(messages.value) });
    return echoReport(report);
  });
}

function echoReport(report) {
  const sum = report.summary ?? report;
  const text = `${count(sum.received)} of ${count(sum.sent)} answered`
    + (sum.avgMicros === undefined || sum.avgMicros === null ? '' : `, ${micros(sum.avgMicros)} on average`)
    + (sum.error ? `, ${sum.error}` : '');
  const replies = (report.messages ?? report.results ?? []).filter((one) => one.reply !== undefined && one.reply !== null)
    .slice(0, 20).map((one) => one.reply);
  return [text, ...(replies.length > 0 ? [element('pre', {}, replies.join('\n'))] : [])];
}

export function faultsDialog(endpoint, server) {
  const set = {};
  for (const { name, injected, ...properties } of server.faults) {
    set[name] = properties;
  }
  const example = { slow: { type: 'delay', delay: '200ms', jitter: '50ms' } };
  const text = element('textarea', { spellcheck: 'false', autocomplete: 'off' });
  text.value = JSON.stringify(server.faults.length > 0 ? set : example, null, 2);
  const target = path(endpoint, server.transport, server.name);
  const remove = element('button', { type: 'button' }, 'Remove all');
  const show = dialog(`Faults of ${server.name}`, 'Set', [field('Faults by name, as in the configuration', text)],
    async () => {
      let faults;
      try {
        faults = JSON.parse(text.value);
      } catch (error) {
        throw new Error(`This is not JSON: ${error.message}`);
      }
      await call('POST', target, { faults });
      return ['The faults are set.'];
    }, remove);
  remove.addEventListener('click', () => show(async () => {
    await call('DELETE', target);
    return ['The server has no faults.'];
  }));
}

export function loadDialog(endpoint, client) {
  // What is no number must not become a run without a rate.
  const rate = element('input', { type: 'number', min: 1, placeholder: 'none: as fast as replies come',
    autocomplete: 'off' });
  const inputs = { connections: number('8', 1), outstanding: number('16', 1), payloadSize: number('64', 1) };
  const duration = element('input', { value: '30s', autocomplete: 'off' });
  const warmUp = element('input', { value: '2s', autocomplete: 'off' });
  const fields = element('div', { class: 'fields' }, field('Connections', inputs.connections),
    field('Outstanding each', inputs.outstanding), field('Bytes of a message', inputs.payloadSize),
    field('Duration', duration), field('Warm-up', warmUp));
  dialog(`Load run with ${client}`, 'Start', [field('Messages a second', rate), fields], async () => {
    const body = { duration: duration.value, warmUp: warmUp.value };
    for (const [name, input] of Object.entries(inputs)) {
      body[name] = Number(input.value);
    }
    if (rate.value !== '') {
      body.rate = Number(rate.value);
    }
    await call('POST', path(endpoint, client), body);
    return ['The run has started. It is shown under Load runs.'];
  });
}

export async function stopLoad(endpoint, client) {
  await call('DELETE', path(endpoint, client));
  announce(`The load run with ${client} is stopped`);
}

function number(value, min, max) {
  return element('input', { type: 'number', value, min, max, required: true });
}

function field(label, input) {
  return element('label', {}, label, input);
}

// Asks for input, and shows what came of it. Returns what shows another action's outcome.
function dialog(title, verb, content, action, ...more) {
  const output = element('output', { 'aria-live': 'polite' });
  const heading = element('h2', { id: 'dialog-title' }, title);
  const submit = element('button', { class: 'main' }, verb);
  const close = element('button', { type: 'button', onclick: () => box.close() }, 'Close');
  const show = async (what) => {
    submit.disabled = true;
    output.dataset.tone = '';
    output.replaceChildren('…');
    try {
      output.replaceChildren(...await what());
    } catch (error) {
      output.dataset.tone = 'bad';
      output.replaceChildren(error.message);
    } finally {
      submit.disabled = false;
    }
  };
  const form = element('form', { onsubmit: (event) => {
    event.preventDefault();
    show(action);
  } }, heading, ...content, element('div', { class: 'bar' }, submit, ...more, close), output);
  const box = element('dialog', { 'aria-labelledby': 'dialog-title', onclose: () => box.remove() }, form);
  document.body.append(box);
  box.showModal();
  return show;
}
