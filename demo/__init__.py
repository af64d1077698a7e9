"""A simulated shop that writes the raw tables of Footfall, and the truth beside them.

Run it from the root of the project: `python -m demo --help`.
"""
