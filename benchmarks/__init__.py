"""How long a full build takes, and one more day: `python -m benchmarks --help`."""
