// Elements without markup: text from anywhere stays text. Nothing in this page parses HTML.

const SVG = 'http://www.w3.org/2000/svg';

// Creates an element. A child that is no node becomes text.
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      node.addEventListener(key.slice(2), value);
    } else if (value === true) {
      node.setAttribute(key, '');
    } else if (value !== false && value !== undefined && value !== null) {
      node.setAttribute(key, value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// Changes a text only if it differs: a node that stays keeps a reader's selection.
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

export function byId(id) {
  return document.getElementById(id);
}

// Says a change of state to screen readers, once.
export function announce(text) {
  byId('announcements').textContent = text;
}
