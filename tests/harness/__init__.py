"""The conformance harness: it starts a server, talks to it, and says what is wrong."""
