// The newest state of the desk, and the hall's clock.

let state = null;
let offset = 0;
const watchers = [];

/** The newest state, or null before the first. */
export const current = () => state;

/** Be told of every new state and the one before it. */
export const onState = (watcher) => watchers.push(watcher);

/** The hall's clock, in milliseconds since 1970. */
export const hallNow = () => Date.now() + offset;

/** Take a state unless it is older than what is shown. */
export function accept(next) {
  if (!next || (state && next.epoch === state.epoch && next.seq < state.seq)) return;
  const before = state;
  state = next;
  offset = next.now - Date.now();
  for (const watcher of watchers) watcher(state, before);
}

/** Why a deed must wait, in milliseconds or words; null: it need not. */
export function heldBack(deed) {
  const hold = state?.holds[deed];
  if (!hold) return null;
  if (hold.why) return { why: hold.why };
  const left = hold.at - hallNow();
  return left > 0 ? { seconds: Math.ceil(left / 1000) } : null;
}

/** Whether the state offers a deed, leaving aside that it may have to wait. */
export const offered = (deed) => Boolean(state) && state.can.includes(deed);
