"""The first page of each person: what waits for him or her today."""
