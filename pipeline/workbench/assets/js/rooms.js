// The rooms of the workbench, in the order of the head. A room: {name, mount(element, bench)}; its title is the
// text room.NAME. With one room the head shows no choice.

import camera from "./rooms/camera.js";
import compare from "./rooms/compare.js";
import roster from "./rooms/roster.js";
import watch from "./rooms/watch.js";

export const ROOMS = [watch, compare, roster, camera];
