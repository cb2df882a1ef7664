"""The regulation: pure functions over plain values, without web or database."""
