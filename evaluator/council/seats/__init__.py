"""Seats in a session: substitutes, proxies, and what a later decision changes."""
