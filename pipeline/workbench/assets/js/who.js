// Who is who: people, pieces of tracks, and whom a track shows at a frame. Changes at once with a correction.

const LABEL = { A: { player: 1, goalkeeper: 3 }, B: { player: 2, goalkeeper: 4 } };
export const REFEREE = 5, BALL = 6, UNCLEAR = 7, BACKGROUND = 0;

export function labelOf(role, team) {
  if (role === "referee") return REFEREE;
  if (role === "ball") return BALL;
  if (role === "other") return BACKGROUND;
  return LABEL[team]?.[role] ?? UNCLEAR;
}

export class Who {
  constructor(told) {
    this.people = told.people;
    this.roster = told.roster;
    this.byId = new Map(told.people.map((p) => [p.player_id, p]));
    const c = told.pieces;
    this.pieces = c.track.map((track, i) => ({
      index: i, track, from: c.from[i], to: c.to[i], person: c.person[i], role: c.role[i], team: c.team[i], why: c.why[i],
      score: c.score[i], second: c.second[i], secondScore: c.second_score[i], seconds: c.seconds[i],
      label: labelOf(c.role[i], c.team[i]),
    }));
    this.byTrack = new Map();
    this.ofPerson = new Map();
    for (const piece of this.pieces) {
      if (!this.byTrack.has(piece.track)) this.byTrack.set(piece.track, []);
      this.byTrack.get(piece.track).push(piece);
      if (piece.person === null) continue;
      if (!this.ofPerson.has(piece.person)) this.ofPerson.set(piece.person, []);
      this.ofPerson.get(piece.person).push(piece);
    }
    for (const own of this.ofPerson.values()) own.sort((a, b) => a.from - b.from);
    this.others = new Map(Object.entries(told.others).map(([track, [role, team]]) => [Number(track), labelOf(role, team)]));
  }

  // The piece of a track at a frame; null for tracks of nobody who takes part.
  piece(track, frame) {
    const own = this.byTrack.get(track);
    if (!own) return null;
    let found = own[0];
    for (const piece of own) if (piece.from <= frame) found = piece;
    return found;
  }

  // A person's piece at a frame; null where he is not seen.
  pieceOf(person, frame) {
    return this.ofPerson.get(person)?.find((p) => p.from <= frame && frame <= p.to) ?? null;
  }

  // The pieces of a person before and behind a frame at which he is not seen.
  around(person, frame) {
    const own = this.ofPerson.get(person) ?? [];
    return [own.filter((p) => p.to < frame).at(-1) ?? null, own.find((p) => p.from > frame) ?? null];
  }

  label(track, frame, otherwise) {
    const piece = this.piece(track, frame);
    return piece ? piece.label : this.others.get(track) ?? otherwise;
  }

  name(person) { return this.byId.get(person)?.label ?? "?"; }

  // What stands under somebody's feet.
  plate(track, frame) {
    const piece = this.piece(track, frame);
    if (!piece) return "";
    const short = piece.person === null ? "?" : this.byId.get(piece.person)?.short ?? "?";
    return piece.role === "goalkeeper" ? `GK ${short}` : short;
  }

  // People of a team and role, for choosing.
  alike(person) {
    const own = this.byId.get(person);
    return this.people.filter((p) => p !== own && (!own || (p.team === own.team && p.role === own.role)));
  }
}

export const inDoubt = (piece) =>
  piece.why !== "by_hand" && (piece.person === null ? piece.role !== "referee" : piece.score < 0.95 && piece.second !== null);
