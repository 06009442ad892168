// Opens the contents where they stand beside the text; on a phone they would push it down.
const contents = document.getElementById("page_contents_list");
contents.open = matchMedia("(min-width: 64rem)").matches;
