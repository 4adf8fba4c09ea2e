// What the address carries: #session=7 and #backend=app1:443.

export function place() {
  const carried = new URLSearchParams(location.hash.slice(1));
  return {session: carried.get('session'), backend: carried.get('backend')};
}

export function address(where) {
  return '#' + Object.entries(where).filter(([, value]) => value)
      .map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%(3A|2F|5B|5D)/g, decodeURIComponent)}`).join('&');
}

export function go(change) {
  const to = address({...place(), ...change});
  if (to !== (location.hash || '#')) location.hash = to;
}
