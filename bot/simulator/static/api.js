// Talking to the simulator's control side.

export async function read(path) {
  const answer = await fetch(`/sim/${path}`);
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer.json();
}

export async function act(action, fields) {
  const answer = await fetch(`/sim/${action}`, { method: "POST", body: JSON.stringify(fields) });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error);
  return content;
}

// Calls `onEvent(event)` for every live event and `onState(isLive)` when the stream opens or breaks.
export function listen(onEvent, onState) {
  const stream = new EventSource("/sim/events");
  stream.onopen = () => onState(true);
  stream.onerror = () => onState(false);
  stream.onmessage = (event) => onEvent(JSON.parse(event.data));
}
