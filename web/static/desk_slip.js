"use strict";
// Prints the slip as soon as it is whole, and again when asked.
addEventListener("load", () => print());
document.getElementById("print").addEventListener("click", () => print());
