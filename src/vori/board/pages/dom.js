// Elements made from plain values: what people said can never become markup.
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

// Put `made` into `parent` in this order, keeping the elements that are already right.
export function arrange(parent, made) {
  made.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
  while (parent.children.length > made.length) parent.lastElementChild.remove();
}

export class Refused extends Error {
  constructor(problem) {
    super([problem.detail, problem.remedy].filter(Boolean).join(" "));
    this.problem = problem;
  }
}

// A call of VORI's API. Throws `Refused` with what VORI said.
export async function ask(method, path, body) {
  const answer = await fetch(`/api${path}`, {
    method,
    headers: body ? { "content-type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!answer.ok) throw new Refused(await answer.json());
  return answer.json();
}

export function notice(text) {
  const bar = document.getElementById("notice");
  bar.textContent = text;
  bar.hidden = !text;
}
