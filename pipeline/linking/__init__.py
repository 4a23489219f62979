"""Who is who over a whole match: tracklets (tracks of one shot) joined into people."""
