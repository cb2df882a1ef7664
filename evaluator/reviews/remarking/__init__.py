"""Re-marking (phúc khảo): an author asks within some days, other reviewers mark anew, the result follows the rules."""
