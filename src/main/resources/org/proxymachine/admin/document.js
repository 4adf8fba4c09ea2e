// What changes in the document.

export const $ = id => document.getElementById(id);

/** An element with attributes and children, which are nodes or strings. */
export function element(name, attributes = {}, ...children) {
  const made = name.startsWith('svg:')
      ? document.createElementNS('http://www.w3.org/2000/svg', name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Writes only what differs: a text node that is replaced takes the reader's selection with it. */
export function write(target, text) {
  const shown = seen(text);
  if (target.textContent !== shown) target.textContent = shown;
}

/** Returns it with what cannot be seen, or turns the direction of text, as \\u and four digits. */
function seen(text) {
  return String(text).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
      unseen => [...Array(unseen.length).keys()].map(i => '\\u' + unseen.charCodeAt(i).toString(16).padStart(4, '0')).join(''));
}

export function attribute(target, name, value) {
  if (value == null) target.removeAttribute(name);
  else if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value);
}

/** A list of terms and what they are, without those that are null. */
export function definitions(list, pairs) {
  const there = pairs.filter(([, text]) => text != null);
  if (list.children.length !== there.length) {
    list.replaceChildren(...there.map(() => element('div', {}, element('dt'), element('dd'))));
  }
  there.forEach(([term, text], i) => {
    write(list.children[i].firstChild, term);
    write(list.children[i].lastChild, text);
  });
}

/** Brings children into this order without moving the anchor, as a node that is moved loses the focus within it. */
export function arrange(parent, nodes, anchor) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  const at = anchor ? nodes.indexOf(anchor) : -1;
  let next = at < 0 ? null : anchor;
  for (let i = at - 1; i >= 0; i--) {
    if (next.previousSibling !== nodes[i]) parent.insertBefore(nodes[i], next);
    next = nodes[i];
  }
  let cursor = at < 0 ? parent.firstChild : anchor.nextSibling;
  for (const node of nodes.slice(at + 1)) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}
