// The body of a function: the first visible element of a kind inside a part, whose name begins with (or is) a text.
const [kind, text, exact, inside] = arguments;
const words = one => (one?.innerText ?? one?.textContent ?? "").replace(/\s+/g, " ").trim();
const byId = ids => ids.split(" ").map(id => words(document.getElementById(id))).join(" ");
const named = one => one.getAttribute("aria-label") ?? (one.hasAttribute("aria-labelledby") ? byId(one.getAttribute("aria-labelledby")) : null);
const seen = one => one.getClientRects().length > 0;
const KINDS = {
  button: ["button", one => named(one) ?? words(one)],
  link: ["a[href]", one => named(one) ?? words(one)],
  visit: ["main a[href^='/round/people/']", words],
  heading: ["h1, h2, h3", words],
  group: ["fieldset, [role=group]", one => named(one) ?? words(one.querySelector("legend"))],
  region: ["section, [role=region], article", one => named(one) ?? ""],
  fold: ["summary", words],
  chip: ["label", words],
  chosen: ["label:has(input:checked)", words],
  box: ["input:not([type=hidden], [type=radio], [type=checkbox]), textarea", one => named(one) ?? words(one.labels?.[0])],
};
const [selector, name] = KINDS[kind];
const fits = has => (kind === "visit" ? has.includes(text) : exact ? has === text : has.startsWith(text));
return [...(inside ?? document).querySelectorAll(selector)].find(one => seen(one) && fits(name(one))) ?? null;
