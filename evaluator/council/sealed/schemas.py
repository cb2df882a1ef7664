"""What browsers and the opening tool exchange with the sealed ballot."""

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, Range, Regexp

MOST_PARTS = 2_000
HEX = Regexp(r"\A(?:[0-9a-f]{2})+\Z")


class EnvelopeDocument(Schema):
    """One sealed part."""

    part = fields.Integer(required=True, strict=True, validate=Range(min=0))
    envelope = fields.String(required=True, validate=[HEX, Length(max=200_000)])


class BallotDocument(Schema):
    """A member's ballot as the browser sends it. Version 1 of the format."""

    poll_hash = fields.String(required=True, validate=[HEX, Length(equal=64)])
    request = fields.String(required=True, validate=[HEX, Length(equal=32)])
    parts = fields.List(fields.Nested(EnvelopeDocument), required=True, validate=Length(1, MOST_PARTS))


__all__ = ["BallotDocument", "EnvelopeDocument", "ValidationError"]
