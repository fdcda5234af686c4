"""Measures a stage beside the real server: time, memory, delays, as ratios.

Run `PYTHONPATH=tests python3 -m bench --help` from the root of the repository.
"""
