// ruleid: subtle-outside-vault
await crypto.subtle.digest("SHA-256", bytes);
// ruleid: subtle-outside-vault
const subtle = self.crypto.subtle;
// ok: subtle-outside-vault
await vault.sha256(bytes);
// ruleid: indexeddb-outside-store
indexedDB.open("tryggrunde");
// ruleid: indexeddb-outside-store
window.indexedDB.open("tryggrunde");
// ok: indexeddb-outside-store
await store.get("meta", "papers");
// ruleid: webstorage-outside-marks
localStorage.setItem("name", name);
// ok: webstorage-outside-marks
remember("lang", "nb");
// ruleid: html-not-from-a-template
box.innerHTML = "<b>" + name + "</b>";
// ruleid: html-not-from-a-template
box.insertAdjacentHTML("beforeend", name);
// ok: html-not-from-a-template
box.innerHTML = shell.render("bedside/_camera.html", {}, t);
// ok: html-not-from-a-template
box.textContent = name;
// ruleid: code-from-text
eval(name);
// ruleid: code-from-text
setTimeout("go()", 10);
// ok: code-from-text
setTimeout(go, 10);
// ruleid: another-origin
fetch("https://elsewhere.example/collect", { method: "POST" });
// ruleid: another-origin
parent.postMessage(answers, "*");
// ok: another-origin
fetch("/sync/keys");
// ruleid: net-believed
if (navigator.onLine) send();
// ok: net-believed
if (verdict) send();
// ruleid: said-in-the-console
console.log(person);
// ok: said-in-the-console
console.error(wrong);
// ruleid: weak-chance
const salt = Math.random();
// ok: weak-chance
crypto.getRandomValues(new Uint8Array(16));
