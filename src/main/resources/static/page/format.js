// Numbers and times as people read them. An unknown value is a dash.

export const UNKNOWN = '–';

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

const known = (value) => value !== undefined && value !== null;

export function count(value) {
  return known(value) ? whole.format(value) : UNKNOWN;
}

// Of a few digits: 12,345 is 12.3 k
export function about(value) {
  if (!known(value)) {
    return UNKNOWN;
  }
  if (value < 10_000) {
    return whole.format(Math.round(value));
  }
  return value < 1e6 ? `${short.format(value / 1e3)} k` : `${short.format(value / 1e6)} M`;
}

export function bytes(value) {
  if (!known(value)) {
    return UNKNOWN;
  }
  let unit = 0;
  let scaled = value;
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${short.format(unit === 0 ? Math.round(scaled) : scaled)} ${UNITS[unit]}`;
}

export function micros(value) {
  if (!known(value)) {
    return UNKNOWN;
  }
  if (value < 1000) {
    return `${short.format(value)} µs`;
  }
  return value < 1e6 ? `${short.format(value / 1e3)} ms` : `${short.format(value / 1e6)} s`;
}

// A share of 0 to 1. What is not 0 does not look like 0.
export function percent(share) {
  if (!known(share)) {
    return UNKNOWN;
  }
  const value = share * 100;
  return value > 0 && value < 0.1 ? '< 0.1 %' : `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} %`;
}

export function time(at) {
  const date = new Date(at);
  const clock = date.toLocaleTimeString('en-GB');
  return date.toDateString() === new Date().toDateString() ? clock
    : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`;
}

// The length of a time, by its two largest units.
export function length(seconds) {
  if (!known(seconds)) {
    return UNKNOWN;
  }
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) {
    return `${s} s`;
  }
  if (s < 3600) {
    return `${Math.floor(s / 60)} min ${s % 60} s`;
  }
  return s < 86_400 ? `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`
    : `${whole.format(Math.floor(s / 86_400))} d ${Math.floor(s % 86_400 / 3600)} h`;
}

const SECONDS = { MS: 0.001, S: 1, M: 60, H: 3600 };

// The seconds of PT1H2M3.5S, of 90s, or of a number of seconds
export function seconds(duration) {
  if (typeof duration === 'number') {
    return duration;
  }
  const parts = [...(duration ?? '').toUpperCase().matchAll(/([\d.]+)(MS|S|M|H)/g)];
  return parts.length > 0 ? parts.reduce((sum, [, value, unit]) => sum + Number(value) * SECONDS[unit], 0) : undefined;
}

// An address as in a URL; * for all addresses of the host.
export function endpoint(address, port) {
  if (!known(address)) {
    return `:${port}`;
  }
  if (['0.0.0.0', '::', '0:0:0:0:0:0:0:0'].includes(address)) {
    return `*:${port}`;
  }
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export function plural(number, one, many = `${one}s`) {
  return `${whole.format(number)} ${number === 1 ? one : many}`;
}
