"""The sealed electronic ballot: prepared, keys given in, frozen, cast, shut, opened by its key-holders, counted."""
