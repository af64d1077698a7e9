"""BigQuery, real or emulated: start the emulator, load a raw folder."""
