// The rooms of the workbench, in the order of the head. A room: {name, mount(element, bench)}; its title is the
// text room.NAME. With one room the head shows no choice.

import watch from "./rooms/watch.js";

export const ROOMS = [watch];
