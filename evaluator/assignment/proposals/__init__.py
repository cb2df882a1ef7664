"""Proposing who reviews what, adjusting it by hand or by file, announcing it as one."""
