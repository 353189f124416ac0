// How to call each server: what it does with a message, and a command to copy.

import { element } from './dom.js';

const MANY = 10;
// What is written into a command has no character that a shell would take for something else.
const HOST = /^[\w.:-]+$/;

const MESSAGES = { 'crlf': 'hello\\r\\n', 'nul': 'hello\\0', 'stx-etx': '\\2hello\\3', 'length-1': '\\5hello',
  'length-2': '\\0\\5hello', 'length-4': '\\0\\0\\0\\5hello' };
const ENDS = { 'line': 'line', 'lf': 'line', 'crlf': 'message up to CRLF', 'nul': 'message up to a zero byte',
  'stx-etx': 'message between STX and ETX', 'websocket': 'WebSocket message' };

export class Calls {
  constructor(section) {
    this.list = element('dl', { class: 'calls' });
    this.details = element('details', { hidden: true }, element('summary', {}, 'How to call them'), this.list);
    section.append(this.details);
  }

  // Shows the calls of some of the servers: those of a page of the table.
  show(servers) {
    const texts = JSON.stringify(servers.map((server) => [server.key, does(server), command(server)]));
    if (texts === this.texts) {
      return;
    }
    if (this.texts === undefined) {
      this.details.open = servers.length <= MANY;
    }
    this.texts = texts;
    this.details.hidden = servers.length === 0;
    this.list.replaceChildren(...servers.map((server) => {
      const line = command(server);
      return element('div', {}, element('dt', {}, server.name),
        element('dd', {}, does(server), line ? element('code', {}, line) : null));
    }));
  }
}

// What becomes of a message.
function does(server) {
  const udp = server.transport === 'udp';
  const message = udp ? 'datagram' : ENDS[server.framing] ?? (server.framing?.startsWith('length-') ? 'counted message'
    : server.delimiter ? `message up to ${server.delimiter}` : 'message');
  const end = server.closeAfterReply ? ', and the connection closes' : '';
  switch (server.mode) {
    case 'stamp':
      return 'Test packets of STAMP (RFC 8762) are answered.';
    case 'collect':
      return `Nothing comes back. ${server.framing === 'until-close' ? 'All until you close your side' : `Each ${message}`} is `
        + `${server.logged ? 'logged.' : 'counted.'}`;
    case 'identify':
      return `A line of JSON comes back${end}. It says which instance has received the ${message}, and how.`;
    default:
      return server.framing === 'until-close' ? 'All comes back when you close your side.'
        : !udp && server.framing === 'none' ? `Every byte comes back${end}.` : `${end ? 'One' : 'Each'} ${message} comes back${end}.`;
  }
}

function hostOf(server) {
  const all = !server.address || ['0.0.0.0', '::', '0:0:0:0:0:0:0:0'].includes(server.address);
  const host = all ? location.hostname.replace(/^\[|\]$/g, '') : server.address;
  return HOST.test(host) ? host : 'HOST';
}

// A line for a shell; undefined where no usual tool speaks the protocol.
function command(server) {
  const host = hostOf(server);
  const port = Number(server.port);
  if (server.mode === 'stamp' || (server.proxyProtocol && (server.tls || server.framing === 'websocket'))) {
    return undefined;
  }
  if (server.transport === 'udp') {
    return `echo hello | nc -u -w 1 ${host} ${port}`;
  }
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (server.framing === 'websocket') {
    return `websocat ${server.tls ? 'wss' : 'ws'}://${authority}/`;
  }
  const message = MESSAGES[server.framing] ?? (server.delimiter ? `hello${escaped(server.delimiter)}` : 'hello\\n');
  const header = server.proxyProtocol ? 'PROXY UNKNOWN\\r\\n' : '';
  const say = header || message !== 'hello\\n' ? `printf '${header}${message}'` : 'echo hello';
  return server.tls ? `(${say}; sleep 1) | openssl s_client -quiet -no_ign_eof -connect ${authority}${server.clientAuth === 'need'
    ? ' -cert client.crt -key client.key' : ''}` : `${say} | nc -N ${host} ${port}`;
}

// A text within the quotes of a printf.
function escaped(text) {
  return [...new TextEncoder().encode(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w<>=|#.,:;/+*$^~&!?@(){}[\]" -]/.test(character) ? character
      : character === '%' ? '%%' : `\\${byte.toString(8).padStart(3, '0')}`;
  }).join('');
}
