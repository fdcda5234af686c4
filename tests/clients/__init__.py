"""Programs that use a server through the client libraries of several languages, and the tests that compare what they print."""
