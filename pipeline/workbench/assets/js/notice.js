// One line for everybody, over the page: what was done goes by itself, what went wrong stays.

const NOTICE_MS = 6000, noticeNode = document.getElementById("notice");
let hide = 0;

export function notice(text, wrong = false) {
  clearTimeout(hide);
  noticeNode.textContent = text;
  noticeNode.className = text ? (wrong ? "shown wrong" : "shown") : "";
  if (text && !wrong) hide = setTimeout(() => notice(""), NOTICE_MS);
}
