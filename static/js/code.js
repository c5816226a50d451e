/** A code for taking a tablet into use comes in the fragment of a link: no server sees it there. It waits for the log-in in this tab. */
const CARRIED = "tryggrunde-code";

if (location.hash.length > 1) {
  try {
    sessionStorage.setItem(CARRIED, location.hash.slice(1, 41));
  } catch {
    // a browser that refuses: the code is typed after the log-in
  }
  history.replaceState(null, "", location.pathname + location.search);
}
