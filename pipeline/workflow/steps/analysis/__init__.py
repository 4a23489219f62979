"""Steps that answer questions of play from the measured match."""
