"""The roles people hold; one person may hold several."""

from enum import StrEnum

from evaluator.core.text import N_


class Role(StrEnum):
    """What a person may be in the life of a round."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    MEMBER = "member"
    CHAIR = "chair"
    SECRETARY = "secretary"
    EDITOR = "editor"
    ADMIN = "admin"


ROLE_NAMES = {
    Role.AUTHOR: N_("author"),
    Role.REVIEWER: N_("reviewer"),
    Role.MEMBER: N_("council member"),
    Role.CHAIR: N_("chair of the council"),
    Role.SECRETARY: N_("secretary"),
    Role.EDITOR: N_("editor"),
    Role.ADMIN: N_("administrator"),
}
