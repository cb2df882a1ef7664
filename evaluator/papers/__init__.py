"""Official documents: Decree 30 measures and the unit's letterhead, .docx and PDF from one frozen value."""
