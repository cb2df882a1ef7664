"""The editors' pages: the list of works, the author's words beside the editors', building and publishing."""
