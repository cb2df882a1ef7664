"""What a program sends and receives about a score sheet. Version 1 of the format."""

from marshmallow import Schema, fields, validate


class ScoreSheetDocument(Schema):
    """A draft as it was typed, and where the sheet stands after it was kept."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    points = fields.Dict(
        keys=fields.String(validate=validate.Length(max=100)),
        values=fields.String(validate=validate.Length(max=4000)),
        required=True,
    )
    remark = fields.String(load_default="", validate=validate.Length(max=4000))
    saved_at = fields.AwareDateTime(dump_only=True)
    signed_at = fields.AwareDateTime(dump_only=True)
    total = fields.String(dump_only=True)
    missing = fields.List(fields.String(), dump_only=True)
    floors_met = fields.Integer(dump_only=True)
    floors_missed = fields.List(fields.String(), dump_only=True)
