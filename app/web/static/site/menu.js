// On a phone the menu is one line that scrolls sideways: brings the entry of the page that is read into view, where the style
// sheet cannot (scroll-initial-target), and the whole of the entry that the keyboard reaches. Nothing here takes the focus.

const line = document.querySelector("header.site nav ul");
const current = line?.querySelector("[aria-current]");
if (current && line.scrollWidth > line.clientWidth && !CSS.supports("scroll-initial-target", "nearest")) {
  line.scrollLeft += current.getBoundingClientRect().left - line.getBoundingClientRect().left - 16;
}
line?.addEventListener("focusin", (event) => event.target.scrollIntoView({ block: "nearest", inline: "nearest" }));
