"""The differential fuzzer: random commands to a stage and to the real Redis.

Both servers must answer every command with the same bytes and hold the same
data at the end.  A difference is shrunk and printed as a scenario.  Run
`PYTHONPATH=tests python3 -m fuzz --help` from the root of the repository.
"""
