"""Messages to people: an outbox written with the change, and a sender that works through it."""
