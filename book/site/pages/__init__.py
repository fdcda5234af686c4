"""Makes the course's site: the chapters with Sphinx, the difference pages by itself."""
