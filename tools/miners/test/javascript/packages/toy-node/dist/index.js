export { Press, openPress } from "./press.js";
