/** A code for taking a tablet into use comes in the fragment of a link: no server sees it there. It waits for the log-in in this tab. */
import { leave } from "../../sw/marks.js";

const CARRIED = "tryggrunde-code";

if (location.hash.length > 1) {
  leave(CARRIED, location.hash.slice(1, 41));
  history.replaceState(null, "", location.pathname + location.search);
}
